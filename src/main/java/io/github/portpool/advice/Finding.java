package io.github.portpool.advice;

import java.util.List;

/**
 * Something that is wrong, or good to know.
 *
 * @param rule the name of the rule that found it, for example {@code small_range}
 * @param title what it is, in one line
 * @param evidence the numbers that it rests on, a line each; text that strangers chose is printable
 * @param advice what it leads to and what to do, in a few sentences
 * @param fixes the commands that do it, in their order; none where no command can
 */
public record Finding(
    String rule,
    Severity severity,
    String title,
    List<String> evidence,
    String advice,
    List<Fix> fixes) {
  /** Keeps copies of the lists. */
  public Finding {
    evidence = List.copyOf(evidence);
    fixes = List.copyOf(fixes);
  }

  /** The same with what can be done here: /etc/sysctl.d is for the host's own namespace alone. */
  Finding within(KernelLimits limits) {
    if (limits.obstacle().isEmpty()) {
      return limits.firstNamespace()
          ? this
          : with(advice, fixes.stream().map(Fix::withoutLasting).toList());
    }
    List<String> outside =
        fixes.stream()
            .map(Fix::command)
            .filter(command -> !command.startsWith("systemctl"))
            .toList();
    return outside.isEmpty()
        ? this
        : with(
            "%s %s: %s".formatted(advice, limits.obstacle(), String.join("; ", outside)),
            List.of());
  }

  private Finding with(String otherAdvice, List<Fix> otherFixes) {
    return new Finding(rule, severity, title, evidence, otherAdvice, otherFixes);
  }
}
