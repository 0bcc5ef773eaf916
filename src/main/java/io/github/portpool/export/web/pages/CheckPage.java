package io.github.portpool.export.web.pages;

import com.sun.net.httpserver.HttpHandler;
import io.github.portpool.advice.Place;
import io.github.portpool.advice.Thresholds;
import io.github.portpool.advice.Verdict;
import io.github.portpool.export.text.CheckLine;
import io.github.portpool.export.web.server.Page;
import io.github.portpool.host.Trouble;
import io.github.portpool.sample.SampleReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code /api/v1/check}: the line that {@code portpool check} prints, as the last sample has it.
 *
 * <p>It asks for {@code warning} and {@code critical} in percent, and with {@code netns} for the
 * network namespace of that inode number, which is answered for when it is the agent's own.
 */
final class CheckPage {
  private static final int MISDIRECTED = 421; // RFC 9110, 15.5.20
  private static final String NETNS = "netns";

  /** Samples that may be missing before the last one is too old, besides some seconds. */
  private static final int MOST_INTERVALS = 3;

  private static final Duration GRACE = Duration.ofSeconds(5);

  private CheckPage() {}

  /** The page of an agent in the network namespace of an inode number. */
  static HttpHandler of(Supplier<SampleReport> reports, long netns) {
    return exchange -> {
      Map<String, String> asked = Page.parameters(exchange.getRequestURI());
      SampleReport report = reports.get();
      String stale = staleness(report);
      int status = 200;
      String text;
      try {
        Thresholds thresholds = thresholds(asked);
        if (!asked.getOrDefault(NETNS, String.valueOf(netns)).equals(String.valueOf(netns))) {
          status = MISDIRECTED;
          text = "this agent is in another network namespace, net:[%d]".formatted(netns);
        } else if (!stale.isEmpty()) {
          status = 503;
          text = CheckLine.unknown(stale).text();
        } else {
          text = line(report, thresholds);
        }
      } catch (IllegalArgumentException e) {
        status = 400;
        text = Trouble.reason(e);
      }
      Page.send(exchange, status, Page.TEXT, text + "\n");
    };
  }

  private static Thresholds thresholds(Map<String, String> asked) {
    List<String> unknown = new ArrayList<>(asked.keySet());
    unknown.removeAll(List.of("warning", "critical", NETNS));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("this takes warning=, critical= (percent) and netns=");
    }
    return new Thresholds(
        percent(asked, "warning", Thresholds.USUAL.warning()),
        percent(asked, "critical", Thresholds.USUAL.critical()));
  }

  private static double percent(Map<String, String> asked, String name, double usual) {
    String text = asked.get(name);
    try {
      return text == null ? usual : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " takes a number of percent, such as 80", e);
    }
  }

  /** Why the last sample says nothing about now, or empty. */
  private static String staleness(SampleReport report) {
    if (report.lastGood() == null || !report.success()) {
      return report.message().isEmpty() ? "there was no sample yet" : report.message();
    }
    Duration age = Duration.between(report.lastGood().time(), Instant.now());
    double most = MOST_INTERVALS * report.intervalSeconds() + GRACE.toSeconds();
    return age.toSeconds() > most ? "the last sample is %d s old".formatted(age.toSeconds()) : "";
  }

  private static String line(SampleReport report, Thresholds thresholds) {
    Place own = report.place(report.host()).orElseThrow();
    return CheckLine.of(Verdict.of(List.of(own), thresholds, report.holderNames()), "").text();
  }
}
