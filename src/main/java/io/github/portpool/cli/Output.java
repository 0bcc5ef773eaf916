package io.github.portpool.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;

/** Standard output, which a command writes a whole answer to. */
final class Output {
  /** What a shell says of a program that SIGPIPE has ended, as it ends most: 128 and 13. */
  static final int UNREAD = 141;

  private static final Path FILE = Path.of("/dev/fd/1");
  private static final int KIND = 0xf000;
  private static final int PIPE = 0x1000;
  private static final int SOCKET = 0xc000;

  private Output() {}

  /** Prints text as the locale has it, or JSON, which is UTF-8 whatever the locale is. */
  static void print(CommandSpec command, String text, boolean json) {
    if (json) {
      System.out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      System.out.flush();
    } else {
      PrintWriter out = command.commandLine().getOut();
      out.print(text);
      out.flush();
    }
  }

  /** Whether something could not be written: picocli's writer does not hear of its errors. */
  static boolean isLost() {
    return System.out.checkError();
  }

  /** Whether what is lost is lost because nobody reads on, which only pipes and sockets know. */
  static boolean isUnread() {
    try {
      int kind = (int) Files.getAttribute(FILE, "unix:mode") & KIND;
      return kind == PIPE || kind == SOCKET;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
