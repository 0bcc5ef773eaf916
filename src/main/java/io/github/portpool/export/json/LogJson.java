package io.github.portpool.export.json;

import java.time.Instant;

/** The log as JSON. */
public final class LogJson {
  private LogJson() {}

  /** An object on one line, without the line's end. */
  public static String line(Instant time, String level, String message) {
    return Json.line(new Fields().with("time", time).with("level", level).with("msg", message));
  }
}
