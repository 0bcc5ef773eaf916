package io.github.portpool.export.text;

import io.github.portpool.advice.Measure;
import io.github.portpool.advice.WhatIf;
import io.github.portpool.advice.WhatIf.Pools;
import io.github.portpool.advice.WhatIf.Toward;
import io.github.portpool.host.Printable;
import io.github.portpool.snapshot.Flow;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.table.EphemeralPorts;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;

/** What other settings would leave of the pool, as a page for a terminal. */
public final class WhatIfText {
  private final WhatIf answer;
  private final int width;
  private final StringBuilder page = new StringBuilder();

  private WhatIfText(WhatIf answer, int width) {
    this.answer = answer;
    this.width = width;
  }

  /** The page: the settings in force, those that are asked about, and the worst destinations. */
  public static String of(WhatIf answer, Style style, int width) {
    return new WhatIfText(answer, width).page(style);
  }

  private String page(Style style) {
    page.append(style.title("portpool what-if"))
        .append(" at ")
        .append(answer.time().truncatedTo(ChronoUnit.SECONDS))
        .append('\n');
    TextTable table = new TextTable("", "NOW", "THEN").right("NOW", "THEN");
    row(table, "ephemeral range", pools -> range(pools.range()));
    row(table, "reserved ports in it", pools -> String.valueOf(pools.range().reserved()));
    row(table, "ports of the pool", pools -> String.valueOf(pools.range().capacity()));
    row(table, "tcp_tw_reuse", pools -> String.valueOf(pools.settings().twReuse()));
    row(table, "TCP free toward the worst", pools -> worst(pools.tcp()));
    row(table, "TCP free for bind() to port 0", pools -> bind(pools.tcp()));
    row(table, "UDP free", pools -> worst(pools.udp()));
    table.writeTo(page, "  ");
    destinations(style);
    return page.toString();
  }

  private void row(TextTable table, String name, Function<Pools, String> value) {
    table.row(name, value.apply(answer.now()), value.apply(answer.then()));
  }

  private static String range(EphemeralPorts range) {
    return range.first() + "-" + range.last();
  }

  private static String worst(PoolUsage pool) {
    return Measure.free(pool.worst().free(), pool.exact());
  }

  private static String bind(PoolUsage pool) {
    return Measure.free(pool.bindFree(), pool.bindExact());
  }

  private void destinations(Style style) {
    if (answer.destinations().isEmpty()) {
      return;
    }
    page.append('\n')
        .append(
            style.title("Worst TCP destinations, and connections a second that are closed here"))
        .append('\n');
    for (Toward each : answer.destinations()) {
      page.append(
              Printable.of(
                  "  " + each.group().destination() + " from " + each.group().source(), width))
          .append('\n');
      line("now:  ", free(answer.now(), each.now()), each.flowNow());
      line("then: ", free(answer.then(), each.then()), each.flowThen());
    }
  }

  private static String free(Pools pools, Headroom headroom) {
    return Measure.free(headroom.free(), pools.tcp().exact());
  }

  private void line(String when, String free, Flow flow) {
    page.append(
        Wrap.of(
            free + " free" + (flow.isKnown() ? ", " + FlowText.of(flow) : ""),
            "    " + when,
            "      ",
            width));
  }
}
