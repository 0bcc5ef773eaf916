package io.github.portpool.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Model.CommandSpec;

/** Standard output, which a command writes a whole answer to. */
final class Output {
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
}
