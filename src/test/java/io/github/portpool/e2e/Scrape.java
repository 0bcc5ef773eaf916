package io.github.portpool.e2e;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The text format, read. */
public final class Scrape {
  private final Map<String, Double> series = new LinkedHashMap<>();
  private final Set<String> families = new TreeSet<>();

  private Scrape() {}

  public static Scrape of(String text) {
    Scrape scrape = new Scrape();
    text.lines().forEach(scrape::add);
    return scrape;
  }

  private void add(String line) {
    if (line.startsWith("# TYPE ")) {
      families.add(line.split(" ", 4)[2]);
    } else if (!line.startsWith("#")) {
      int space = line.lastIndexOf(' ');
      series.put(line.substring(0, space), number(line.substring(space + 1)));
    }
  }

  private static double number(String text) {
    return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  /** The names after {@code # TYPE}. */
  public Set<String> families() {
    return families;
  }

  /** The value of a series, named with its labels as in the text. */
  public double value(String name) {
    Double value = series.get(name);
    if (value == null) {
      throw new AssertionError("there is no " + name + " in " + series.keySet());
    }
    return value;
  }

  public Map<String, Double> series() {
    return series;
  }
}
