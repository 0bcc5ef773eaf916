package io.github.portpool.linux;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a tracepoint records and where, from its {@code format} file in tracefs.
 *
 * <pre>
 * ID: 2287
 * format:
 *   field:__u16 dport;  offset:26;  size:2;  signed:0;
 * </pre>
 */
public final class TracepointFormat {
  private record Field(int offset, int size) {}

  private static final Pattern ID = Pattern.compile("(?m)^ID: (\\d{1,9})$");
  private static final Pattern FIELD =
      Pattern.compile(
          "\\bfield:[^;]*?(\\w+)(?:\\[\\d+\\])?;\\s*offset:(\\d{1,4});\\s*size:(\\d{1,4});");

  private final int id;
  private final Map<String, Field> fields = new HashMap<>();

  /**
   * Reads a format file.
   *
   * @throws MalformedMessageException when it has no id
   */
  public TracepointFormat(String text) throws MalformedMessageException {
    Matcher number = ID.matcher(text);
    if (!number.find()) {
      throw new MalformedMessageException("a tracepoint without an id");
    }
    id = Integer.parseInt(number.group(1));
    Matcher field = FIELD.matcher(text);
    while (field.find()) {
      fields.put(
          field.group(1),
          new Field(Integer.parseInt(field.group(2)), Integer.parseInt(field.group(3))));
    }
  }

  /** The number by which perf_event_open(2) knows it. */
  public int id() {
    return id;
  }

  /**
   * Where a field begins.
   *
   * @throws MalformedMessageException when there is none of that name and size
   */
  public int offset(String name, int size) throws MalformedMessageException {
    Field field = fields.get(name);
    if (field == null || field.size() != size) {
      throw new MalformedMessageException(
          "a tracepoint without " + name + " of " + size + " bytes");
    }
    return field.offset();
  }
}
