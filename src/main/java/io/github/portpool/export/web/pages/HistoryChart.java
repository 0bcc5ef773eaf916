package io.github.portpool.export.web.pages;

import io.github.portpool.sample.TrendPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

/** The last hour of the agent's own TCP pool: a chart, a sentence and a table. */
final class HistoryChart {
  private static final int LEFT = 56;
  private static final int TOP = 10;
  private static final int WIDTH = 880;
  private static final int HEIGHT = 180;
  private static final int[] WIDTHS_MINUTES = {6, 12, 30};
  private static final int HOUR_MINUTES = 60;
  private static final int TICKS = 6;
  private static final int MINUTES_A_ROW = 5;

  private record Line(String style, String title, ToIntFunction<TrendPoint> value) {}

  private static final List<Line> LINES =
      List.of(
          new Line("worst", "not usable toward the worst destination", TrendPoint::tcpWorstUsed),
          new Line("used", "with a socket", TrendPoint::tcpUsed),
          new Line("waiting", "sockets in TIME_WAIT", TrendPoint::timeWait));

  private final List<TrendPoint> points;
  private final int minutes;
  private final Instant begin;
  private final int most;

  private HistoryChart(List<TrendPoint> points) {
    this.points = points;
    Duration age = Duration.between(points.getFirst().time(), points.getLast().time());
    minutes =
        Arrays.stream(WIDTHS_MINUTES)
            .filter(width -> age.compareTo(Duration.ofMinutes(width)) <= 0)
            .findFirst()
            .orElse(HOUR_MINUTES);
    begin = points.getLast().time().minus(Duration.ofMinutes(minutes));
    most =
        points.stream()
            .mapToInt(point -> Math.max(point.capacity(), point.timeWait()))
            .reduce(1, Math::max);
  }

  /** The chart of some points, the oldest first; a sentence where there are none. */
  static Html of(List<TrendPoint> points) {
    return points.isEmpty()
        ? new Html("<p>The history begins with the first sample.</p>\n")
        : new HistoryChart(points).html();
  }

  private Html html() {
    return new Html("<figure class=\"history\">\n<figcaption>%s</figcaption>\n", summary())
        .add("%s%s%s</figure>\n", legend(), chart(), table());
  }

  private Html summary() {
    TrendPoint worst =
        points.stream().max(Comparator.comparingInt(TrendPoint::tcpWorstUsed)).orElseThrow();
    TrendPoint last = points.getLast();
    long failedConnects = points.stream().mapToLong(TrendPoint::failedConnects).sum();
    return new Html(
        "<p>From %s to %s%s. Toward the worst TCP destination %,d of %,d ports were not usable at the most, at"
            + " %s, and %,d are not now. Past one half connect() is slow; %,d calls failed for lack of a port"
            + " in this time.</p>",
        PoolTable.time(points.getFirst().time()),
        PoolTable.time(last.time()),
        minutes < HOUR_MINUTES ? ", all that there is so far" : "",
        worst.tcpWorstUsed(),
        worst.capacity(),
        PoolTable.time(worst.time()),
        last.tcpWorstUsed(),
        failedConnects);
  }

  private static Html legend() {
    Html html = new Html("<ul class=\"legend\" aria-hidden=\"true\">\n");
    for (Line line : LINES) {
      html.add(
          "<li><svg width=\"32\" height=\"10\" viewBox=\"0 0 32 10\"><path class=\"line %s\""
              + " d=\"M0 5H32\"/></svg> %s</li>\n",
          line.style(), line.title());
    }
    return html.add("</ul>\n");
  }

  private Html chart() {
    Html html =
        new Html(
            "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Chart\"><svg class=\"chart\" role=\"img\" aria-label=\"TCP ports over"
                + " the last hour; the numbers are in the table below\" viewBox=\"0 0 %d %d\">\n",
            LEFT + WIDTH + 10, TOP + HEIGHT + 24);
    level(html, 0, "grid");
    level(html, points.getLast().capacity(), "grid");
    level(html, points.getLast().capacity() / 2, "knee");
    html.add(
        "<text class=\"note\" x=\"%d\" y=\"%s\">one half: connect() becomes slow</text>\n",
        LEFT + 6, decimal(y(points.getLast().capacity() / 2) - 5));
    for (int left = minutes; left > 0; left -= minutes / TICKS) {
      html.add(
          "<text class=\"tick\" x=\"%s\" y=\"%d\">-%d min</text>\n",
          decimal(x(begin.plus(Duration.ofMinutes(minutes - left)))), TOP + HEIGHT + 18, left);
    }
    html.add(
        "<text class=\"tick end\" x=\"%d\" y=\"%d\">now</text>\n", LEFT + WIDTH, TOP + HEIGHT + 18);
    for (Line line : LINES.reversed()) {
      html.add("<path class=\"line %s\" d=\"%s\"/>\n", line.style(), path(line));
    }
    return html.add("</svg></div>\n");
  }

  private void level(Html html, int ports, String style) {
    String y = decimal(y(ports));
    html.add(
        "<path class=\"%s\" d=\"M%d %sH%d\"/><text class=\"level\" x=\"%d\" y=\"%s\">%,d</text>\n",
        style, LEFT, y, LEFT + WIDTH, LEFT - 6, decimal(y(ports) + 4), ports);
  }

  private String path(Line line) {
    StringBuilder path = new StringBuilder();
    for (TrendPoint point : points) {
      path.append(path.isEmpty() ? 'M' : 'L')
          .append(decimal(Math.max(LEFT, x(point.time()))))
          .append(' ')
          .append(decimal(y(line.value().applyAsInt(point))));
    }
    // A history of one point is seen as well.
    return path.append("h0.1").toString();
  }

  private double x(Instant time) {
    double seconds = Duration.between(begin, time).toMillis() / 1000.0;
    return LEFT + WIDTH * seconds / Duration.ofMinutes(minutes).toSeconds();
  }

  private double y(int ports) {
    return TOP + HEIGHT - (double) HEIGHT * ports / most;
  }

  /** A number that is not negative with one decimal; a formatter would take most of a poll. */
  private static String decimal(double value) {
    long tenths = Math.round(value * 10);
    return tenths / 10 + "." + tenths % 10;
  }

  private Html table() {
    Html html =
        new Html(
            """
            <details id="history-table"><summary>The same as a table, the highest of every five minutes</summary>
            <div class="scroll" tabindex="0" role="group" aria-label="The last hour in numbers">
            <table class="cards"><thead><tr><th scope="col">From</th>
            """);
    for (Line line : LINES) {
      html.add("<th scope=\"col\">%s</th>", line.title());
    }
    html.add(
        "<th scope=\"col\">connect() calls that failed for lack of a port</th></tr></thead><tbody>\n");
    Instant end = points.getLast().time();
    for (int left = HOUR_MINUTES; left > 0; left -= MINUTES_A_ROW) {
      row(
          html,
          end.minus(Duration.ofMinutes(left)),
          end.minus(Duration.ofMinutes(left - MINUTES_A_ROW)));
    }
    return html.add("</tbody></table></div></details>\n");
  }

  private void row(Html html, Instant from, Instant to) {
    List<TrendPoint> some =
        points.stream()
            .filter(point -> point.time().isAfter(from) && !point.time().isAfter(to))
            .toList();
    if (some.isEmpty()) {
      return;
    }
    html.add("<tr><th scope=\"row\">%s</th>", PoolTable.time(some.getFirst().time()));
    for (Line line : LINES) {
      html.add("<td class=\"n\">%,d</td>", some.stream().mapToInt(line.value()).max().orElse(0));
    }
    html.add(
        "<td class=\"n\">%,d</td></tr>\n",
        some.stream().mapToLong(TrendPoint::failedConnects).sum());
  }
}
