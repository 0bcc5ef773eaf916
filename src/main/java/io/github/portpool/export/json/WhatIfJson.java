package io.github.portpool.export.json;

import io.github.portpool.advice.WhatIf;
import io.github.portpool.advice.WhatIf.Pools;
import io.github.portpool.advice.WhatIf.Toward;
import io.github.portpool.snapshot.Flow;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.PoolUsage;

/** What other settings would leave of the pool, as JSON. */
public final class WhatIfJson {
  private WhatIfJson() {}

  /** One object: {@code now} are the settings in force, {@code then} those that are asked about. */
  public static String of(WhatIf answer) {
    return Json.text(
        new Fields()
            .with("time", answer.time())
            .with("now", pools(answer.now()))
            .with("then", pools(answer.then()))
            .with("destinations", answer.destinations().stream().map(WhatIfJson::toward)));
  }

  private static Fields pools(Pools pools) {
    return new Fields()
        .with("ephemeralRange", Json.range(pools.range().summary()))
        .with("tcpTwReuse", pools.settings().twReuse())
        .with("tcp", pool(pools.tcp()))
        .with("udp", pool(pools.udp()));
  }

  private static Fields pool(PoolUsage pool) {
    return new Fields()
        .with("worstFree", pool.worst().free())
        .with("bindFree", pool.bindFree())
        .with("exact", pool.exact())
        .with("bindExact", pool.bindExact());
  }

  private static Fields toward(Toward each) {
    return new Fields()
        .with("source", each.group().source())
        .with("destination", each.group().destination())
        .with("now", flow(each.now(), each.flowNow()))
        .with("then", flow(each.then(), each.flowThen()));
  }

  private static Fields flow(Headroom headroom, Flow flow) {
    return SnapshotJson.flow(new Fields().with("free", headroom.free()), flow);
  }
}
