package io.github.portpool.cli;

import io.github.portpool.daemon.LastingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program: from the command line to a command, nothing else. */
public final class Portpool {
  /** Below this it may lack one for each of its jars. */
  private static final int FEWEST_FILES = 128;

  private static final int UNUSABLE = 2;
  private static final int UNKNOWN = 3;

  private Portpool() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    // Numbers, dates and upper case are the same for people and machines everywhere.
    Locale.setDefault(Locale.ROOT);
    // A client that shakes hands again and again would cost much more than it spends.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    // Set before anything logs: LogManager reads it once.
    System.setProperty("java.util.logging.manager", LastingLog.class.getName());
    System.exit(exitCode(args));
  }

  private static int exitCode(String[] args) {
    try {
      return PortpoolCommand.execute(args);
    } catch (RuntimeException | LinkageError e) {
      if (args.length > 0 && args[0].equals("check")) {
        System.out.println("PORTPOOL UNKNOWN - " + sentence(e));
        return UNKNOWN;
      }
      System.err.println("portpool: " + sentence(e));
      return UNUSABLE;
    }
  }

  /** What to say of a failure that nobody has foreseen; here, for more classes may not be had. */
  static String sentence(Throwable e) {
    return lacksFiles()
        ? "too few open files are allowed: raise the limit to 1024 (ulimit -n, LimitNOFILE=)"
        : "failed, please report it: " + e;
  }

  private static boolean lacksFiles() {
    try {
      String limits = Files.readString(Path.of("/proc/self/limits"));
      Matcher files = Pattern.compile("Max open files +(\\d{1,9}) ").matcher(limits);
      return files.find() && Integer.parseInt(files.group(1)) < FEWEST_FILES;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      return true; // not even this one
    }
  }
}
