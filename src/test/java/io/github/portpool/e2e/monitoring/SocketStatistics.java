package io.github.portpool.e2e.monitoring;

import io.github.portpool.e2e.Program;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** The sockets that ss(8) shows in the network namespace of the calling thread. */
final class SocketStatistics {
  private static final Map<String, String> STATES =
      Map.of("estab", "established", "unconn", "unconnected", "syn_recv", "syn_recv");

  private record Row(String state, int port) {}

  private final List<Row> rows;

  private SocketStatistics(List<Row> rows) {
    this.rows = rows;
  }

  /** Runs ss with some options, for example {@code -Htan}. */
  static SocketStatistics read(String... options) throws Exception {
    String[] command = new String[options.length + 1];
    command[0] = "/usr/bin/ss";
    System.arraycopy(options, 0, command, 1, options.length);
    Program.Outcome outcome = Program.run(new ProcessBuilder(command));
    if (outcome.exitCode() != 0) {
      throw new AssertionError(outcome.toString());
    }
    return new SocketStatistics(outcome.out().stream().map(SocketStatistics::row).toList());
  }

  /** {@code ESTAB 0 0 127.0.0.1:20001 127.0.0.1:80}. */
  private static Row row(String line) {
    String[] columns = line.strip().split("\\s+", -1);
    String state = columns[0].toLowerCase(Locale.ROOT).replace('-', '_').replace("_wait_", "_wait");
    String local = columns[3];
    return new Row(
        STATES.getOrDefault(state, state),
        Integer.parseInt(local.substring(local.lastIndexOf(':') + 1)));
  }

  /** How many sockets there are in each state on some ports. */
  Map<String, Integer> states(IntPredicate ports) {
    Map<String, Integer> states = new HashMap<>();
    rows.stream()
        .filter(row -> ports.test(row.port()))
        .forEach(row -> states.merge(row.state(), 1, Integer::sum));
    return states;
  }

  int sockets(IntPredicate ports) {
    return (int) rows.stream().filter(row -> ports.test(row.port())).count();
  }

  int distinctPorts(IntPredicate ports) {
    TreeSet<Integer> distinct = new TreeSet<>();
    rows.stream().map(Row::port).filter(ports::test).forEach(distinct::add);
    return distinct.size();
  }
}
