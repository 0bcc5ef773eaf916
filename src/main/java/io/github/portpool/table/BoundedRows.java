package io.github.portpool.table;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A row for each key, as long as there is room. For one thread. */
public final class BoundedRows<K, R> {
  private final Map<K, R> rows = new HashMap<>();
  private final int most;
  private final Function<K, R> making;

  /**
   * No rows yet.
   *
   * @param most how many there may be
   * @param making makes the row of a key that has none
   */
  public BoundedRows(int most, Function<K, R> making) {
    this.most = most;
    this.making = making;
  }

  /** The row of a key, a new one if it has none; null where there is no room for it. */
  public @Nullable R at(K key) {
    R row = rows.get(key);
    if (row == null && rows.size() < most) {
      row = making.apply(key);
      rows.put(key, row);
    }
    return row;
  }

  /** Takes each key and its row. */
  public void forEach(BiConsumer<K, R> taking) {
    rows.forEach(taking);
  }

  /** Forgets all. */
  public void clear() {
    rows.clear();
  }
}
