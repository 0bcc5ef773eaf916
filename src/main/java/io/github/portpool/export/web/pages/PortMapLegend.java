package io.github.portpool.export.web.pages;

import io.github.portpool.sample.PortMap;
import io.github.portpool.sample.PortMap.Cell;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.table.PortSet;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The place of the picture of all ports, what its colours mean, and the same as text. */
final class PortMapLegend {
  private static final int MOST_LINKS = 200;
  private static final Map<Cell, String> TITLES =
      new EnumMap<>(
          Map.of(
              Cell.LISTENING, "Listening",
              Cell.BOUND, "Bound",
              Cell.CONNECTED, "Connected",
              Cell.CLOSING, "Closing",
              Cell.TIME_WAIT, "TIME_WAIT",
              Cell.EARLIER, "Earlier"));

  private final int[][] counts = new int[Protocol.values().length][Cell.values().length];
  private final List<Integer> listening = new ArrayList<>();

  private PortMapLegend(PortMap map) {
    for (int port = 0; port < PortSet.PORTS; port++) {
      Cell tcp = map.cell(Protocol.TCP, port);
      Cell udp = map.cell(Protocol.UDP, port);
      counts[Protocol.TCP.ordinal()][tcp.ordinal()]++;
      counts[Protocol.UDP.ordinal()][udp.ordinal()]++;
      if (tcp == Cell.LISTENING || udp == Cell.LISTENING) {
        listening.add(port);
      }
    }
  }

  /**
   * The section of the picture.
   *
   * @param intervalSeconds the time between two samples
   */
  static Html of(PortMap map, double intervalSeconds) {
    PortMapLegend legend = new PortMapLegend(map);
    return new Html(
        """
        <section class="map" aria-labelledby="map-title" data-seconds="%s">
        <h2 id="map-title" class="hidden">All 65,536 ports</h2>
        <div class="picture" id="picture">
        <noscript><p>The picture needs the page's script; everything else on this page does not.</p></noscript>
        </div>
        <div class="side">
        <p id="freshness">Sampled at <span id="sampled" data-live>%s</span>.<span id="trouble-note" role="status"></span></p>
        %s%s</div>
        </section>
        """,
        intervalSeconds, PoolTable.time(map.time()), legend.table(), legend.listening());
  }

  private Html table() {
    Html html =
        new Html(
            """
            <table id="legend"><caption class="hidden">Ports by what is on them</caption>
            <thead><tr><th scope="col">State</th><th scope="col" class="n">TCP</th><th scope="col" class="n">UDP</th></tr></thead>
            <tbody>
            """);
    TITLES.forEach((cell, title) ->
        html.add(
            """
            <tr data-cell="%s"><th scope="row"><span class="swatch %s"></span> %s</th><td class="n" id="tcp-%s" data-live>%,d</td><td class="n" id="udp-%s" data-live>%,d</td></tr>
            """,
            cell.label(),
            cell.label(),
            title,
            cell.label(),
            counts[Protocol.TCP.ordinal()][cell.ordinal()],
            cell.label(),
            counts[Protocol.UDP.ordinal()][cell.ordinal()]));
    return html.add(
        """
        </tbody></table>
        <ul class="grounds">
        <li>Bound: no peer. Earlier: within the last hour.</li>
        <li><span class="swatch live"></span> Ephemeral range: clients are given these</li>
        <li><span class="swatch reserved"></span> Reserved in it</li>
        <li><span class="swatch outside"></span> Outside</li>
        </ul>
        """);
  }

  private Html listening() {
    Html links = new Html();
    listening.stream()
        .limit(MOST_LINKS)
        .forEach(port -> links.add("<li>%s</li>\n", PortMapPage.portLink(port)));
    if (listening.size() > MOST_LINKS) {
      links.add("<li>and %,d more</li>\n", listening.size() - MOST_LINKS);
    }
    return new Html(
        """
        <details id="listening-ports" open><summary>Listening TCP ports</summary>
        <p><a href="/listeners">All listeners and their processes</a></p>
        <ul class="ports" id="listening" data-live>%s</ul></details>
        """,
        links);
  }
}
