package io.github.portpool.daemon;

import io.github.portpool.host.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The log: one line for each record on standard error. */
public final class Logging {
  /** What is logged: this and what is worse. */
  public enum Severity {
    DEBUG(7),
    INFO(6),
    WARN(4),
    ERROR(3);

    private final int priority;

    Severity(int priority) {
      this.priority = priority;
    }

    private static Severity of(Level level) {
      Severity severity = DEBUG;
      for (Severity each : values()) {
        severity = level.intValue() >= each.level().intValue() ? each : severity;
      }
      return severity;
    }

    private Level level() {
      return switch (this) {
        case DEBUG -> Level.FINE;
        case INFO -> Level.INFO;
        case WARN -> Level.WARNING;
        case ERROR -> Level.SEVERE;
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What a line consists of. */
  @FunctionalInterface
  public interface Form {
    /** {@code 2026-11-23T21:37:42.123Z INFO message}. */
    Form TEXT =
        (time, severity, message) -> time + " " + severity.level().getName() + " " + message;

    /** The line, without its end, of a message that is one line itself. */
    String line(Instant time, Severity severity, String message);
  }

  // Held, because the log manager holds its loggers weakly.
  private static final Logger ROOT = Logger.getLogger("");

  private Logging() {}

  /**
   * Whether standard error is the stream that a variable names by device and inode:
   * systemd.exec(5), JOURNAL_STREAM. A process may have inherited the variable and log elsewhere.
   */
  public static boolean leadsToJournal(@Nullable String journalStream) {
    Path standardError = Path.of("/proc/self/fd/2");
    try {
      return journalStream != null
          && journalStream.equals(
              Files.getAttribute(standardError, "unix:dev")
                  + ":"
                  + Files.getAttribute(standardError, "unix:ino"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Sends what fails to standard error, and nothing else: a command says the rest itself. */
  public static void configureForCommand() {
    configure(Severity.ERROR, Form.TEXT, false);
  }

  /**
   * Sends everything to standard error, and waits for nothing until {@link #flush}.
   *
   * @param journal whether standard error leads to the systemd journal, which is told the severity
   *     before each line: sd-daemon(3)
   */
  public static void configure(Severity severity, Form form, boolean journal) {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    ROOT.addHandler(new QueuedHandler(new Line(form, journal)));
    ROOT.setLevel(severity.level());
  }

  /** Waits until all is written, if that can be done soon. */
  public static void flush() {
    for (Handler handler : ROOT.getHandlers()) {
      handler.flush();
    }
  }

  /** The message, and what was thrown in a few words. */
  private static String message(LogRecord entry, Formatter formatter) {
    Throwable thrown = entry.getThrown();
    String message = formatter.formatMessage(entry);
    return Printable.oneLine(thrown == null ? message : message + ": " + thrown);
  }

  private static final class Line extends Formatter {
    private final Form form;
    private final boolean journal;

    Line(Form form, boolean journal) {
      this.form = form;
      this.journal = journal;
    }

    @Override
    public String format(LogRecord entry) {
      Severity severity = Severity.of(entry.getLevel());
      Instant time = entry.getInstant().truncatedTo(ChronoUnit.MILLIS);
      String line = form.line(time, severity, message(entry, this));
      return (journal ? "<" + severity.priority + ">" : "") + line + "\n";
    }
  }
}
