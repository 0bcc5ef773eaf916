package io.github.portpool.export.text;

import io.github.portpool.lookup.LastSeen;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A table of what a running agent remembers of a port. */
public final class HistoryRows {
  private HistoryRows() {}

  /**
   * A row for each.
   *
   * @param now what ages are counted to
   */
  public static TextTable of(List<LastSeen> history, Instant now) {
    TextTable table =
        new TextTable("NETNS", "PROTO", "STATE", "SINCE", "LAST SEEN", "AGO", "LAST OWNER")
            .right("AGO");
    for (LastSeen seen : history) {
      LastSeen.Owner owner = seen.owner();
      table.row(
          seen.netns(),
          seen.protocol().label(),
          seen.state().label(),
          seconds(seen.since()),
          seconds(seen.last()),
          Ages.between(seen.last(), now),
          owner == null
              ? "-"
              : OwnerWords.joined("user " + owner.user(), OwnerWords.place(owner.controlGroup())));
    }
    return table;
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
