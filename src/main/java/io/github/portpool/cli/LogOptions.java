package io.github.portpool.cli;

import io.github.portpool.daemon.Logging;
import io.github.portpool.daemon.Logging.Severity;
import io.github.portpool.export.json.LogJson;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The options of the log. */
final class LogOptions {
  /** How a line of the log is written. */
  private enum Format {
    TEXT,
    /** {@code time=2026-11-23T21:37:42.123Z level=info msg="message"}. */
    LOGFMT,
    /** {@code {"time":"2026-11-23T21:37:42.123Z","level":"info","msg":"message"}}. */
    JSON;

    private Logging.Form form() {
      return switch (this) {
        case TEXT -> Logging.Form.TEXT;
        case LOGFMT ->
            (time, severity, message) ->
                "time=%s level=%s msg=\"%s\""
                    .formatted(time, severity, message.replace("\\", "\\\\").replace("\"", "\\\""));
        case JSON -> (time, severity, message) -> LogJson.line(time, severity.toString(), message);
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--log.level",
      paramLabel = "LEVEL",
      defaultValue = "info",
      description = "What to log: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private Severity level;

  @Option(
      names = "--log.format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "How to log: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private Format format;

  /** Whether programs read the log, which then holds also why the agent does not start. */
  boolean isForPrograms() {
    return format != Format.TEXT;
  }

  /** Logs so from now on. The journal has clocks and levels of its own, beside a text. */
  void configure() {
    boolean journal = Logging.leadsToJournal(System.getenv("JOURNAL_STREAM"));
    Logging.configure(
        level, journal && !isForPrograms() ? (_, _, message) -> message : format.form(), journal);
  }
}
