package io.github.portpool.source.oshi;

import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import oshi.util.ExecutingCommand;

/**
 * The ephemeral range of Windows, which {@code netsh} tells in the language of the system.
 *
 * <pre>
 * Protocol tcp Dynamic Port Range
 * ---------------------------------
 * Start Port      : 49152
 * Number of Ports : 16384
 * </pre>
 */
final class WindowsRange {
  private static final String COMMAND = "netsh int ipv4 show dynamicport tcp";

  /** The words are translated, and garbled by the console's code page: only the numbers count. */
  private static final Pattern NUMBER = Pattern.compile(":\\s*(\\d{1,5})\\s*$");

  private WindowsRange() {}

  static Optional<EphemeralPorts> read() {
    return parse(ExecutingCommand.runNative(COMMAND));
  }

  static Optional<EphemeralPorts> parse(List<String> lines) {
    List<Integer> numbers =
        lines.stream()
            .flatMap(line -> NUMBER.matcher(line).results())
            .map(match -> Integer.valueOf(match.group(1)))
            .toList();
    if (numbers.size() != 2) {
      return Optional.empty();
    }
    int first = numbers.get(0);
    int last = first + numbers.get(1) - 1;
    return first > 0 && last >= first && last < PortSet.PORTS
        ? Optional.of(new EphemeralPorts(first, last, new PortSet()))
        : Optional.empty();
  }
}
