package io.github.portpool.export.web.pages;

import com.sun.net.httpserver.HttpHandler;
import io.github.portpool.export.web.server.Page;
import io.github.portpool.sample.SampleReport;
import java.util.function.Supplier;

/** {@code /-/healthy} and {@code /-/ready}, as Prometheus itself has them. */
public final class HealthPages {
  private HealthPages() {}

  /** Answers 200 as long as the process answers at all. */
  public static HttpHandler healthy() {
    return exchange -> Page.send(exchange, 200, Page.TEXT, "portpool is healthy.\n");
  }

  /** Answers 503 until there was a first good sample, and 200 from then on. */
  public static HttpHandler ready(Supplier<SampleReport> reports) {
    return exchange -> {
      SampleReport report = reports.get();
      if (report.lastGood() == null) {
        Page.send(exchange, 503, Page.TEXT, "portpool is not ready: " + report.message() + ".\n");
      } else {
        Page.send(exchange, 200, Page.TEXT, "portpool is ready.\n");
      }
    };
  }
}
