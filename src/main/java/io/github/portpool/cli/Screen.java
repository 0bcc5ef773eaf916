package io.github.portpool.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The terminal while one page after another takes all of it: its alternate screen, and keys without
 * a return key. Closed, the terminal is as it was.
 */
final class Screen implements AutoCloseable {
  /** Instead of a key: the time is over. */
  static final int NONE = -1;

  /** Instead of a key: a signal wants the process to end. */
  static final int END = -2;

  // ECMA-48, and xterm's modes 1049 (alternate screen), 25 (cursor), 7 (long lines are wrapped,
  // else cut).
  private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l";
  private static final String LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String TO_END_OF_LINE = "\u001b[K";
  private static final String TO_END_OF_SCREEN = "\u001b[J";

  private static final Pattern COLOUR = Pattern.compile("\u001b\\[\\d*m");
  private static final Stty.Size USUAL = new Stty.Size(24, 80);

  private final PrintWriter out;
  private final String saved;
  private final BlockingQueue<Integer> keys = new LinkedBlockingQueue<>();

  /** Takes the terminal that standard output is. */
  Screen(PrintWriter out) {
    this.out = out;
    Runtime.getRuntime().addShutdownHook(new Thread(() -> keys.add(END), "portpool-keys"));
    saved = Stty.saved();
    if (!saved.isEmpty()) {
      // A suspended process would leave its screen to the shell.
      Stty.set("-icanon", "-echo", "susp", "undef");
      Thread.ofPlatform().daemon().name("portpool-terminal").start(this::read);
    }
    print(ENTER);
  }

  private void read() {
    try (InputStream in = new FileInputStream(Stty.TERMINAL)) {
      for (int key = in.read(); key >= 0; key = in.read()) {
        keys.add(key);
      }
    } catch (IOException e) {
      // Nobody presses a key any more; signals still come.
    }
  }

  /** Its size now. */
  Stty.Size size() {
    Stty.Size size = Stty.size();
    return size.rows() == 0 ? USUAL : size;
  }

  /** Shows lines, in the place of what was there: nothing is erased that is not written again. */
  void show(List<String> lines, Stty.Size size) {
    StringBuilder page = new StringBuilder(HOME);
    String between = "";
    for (String line : lines) {
      page.append(between).append(line);
      // Behind a line that fills the terminal the cursor stands on its last character.
      int columns = COLOUR.matcher(line).replaceAll("").length();
      page.append(columns < size.columns() ? TO_END_OF_LINE : "");
      between = "\r\n";
    }
    print(page + TO_END_OF_SCREEN);
  }

  /** Waits for a key; {@link #NONE} when none was pressed, {@link #END} when it is time to go. */
  int key(Duration time) {
    try {
      Integer key = keys.poll(Math.max(0, time.toNanos()), TimeUnit.NANOSECONDS);
      return key == null ? NONE : key;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return END;
    }
  }

  private void print(String text) {
    out.print(text);
    out.flush();
  }

  @Override
  public void close() {
    print(LEAVE);
    if (!saved.isEmpty()) {
      Stty.set(saved);
    }
  }
}
