package io.github.portpool.table;

import io.github.portpool.table.PortHistory.Owner;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Small numbers for owners of sockets, in a table of fixed size; 0 is nobody's. For one thread. */
final class OwnerIds {
  private static final int EMPTY = 0;

  private final int[] uids;
  private final long[] controlGroups;
  private final boolean[] used;
  private final int[] slots; // a hash table of the numbers
  private int size;
  private int lastId;

  /** An empty table of the numbers below {@code most}. */
  OwnerIds(int most) {
    uids = new int[most];
    controlGroups = new long[most];
    used = new boolean[most];
    slots = new int[Integer.highestOneBit(most) * 4];
    used[PortHistory.NO_OWNER] = true;
  }

  /** The number of an owner, or 0 where the table is full. */
  int id(int uid, long controlGroup) {
    if (lastId != 0 && uids[lastId] == uid && controlGroups[lastId] == controlGroup) {
      return lastId;
    }
    int slot = slot(uid, controlGroup);
    if (slots[slot] == EMPTY && !isFull()) {
      int id = free();
      used[id] = true;
      uids[id] = uid;
      controlGroups[id] = controlGroup;
      slots[slot] = id;
      size++;
    }
    lastId = slots[slot];
    return lastId;
  }

  /** Whether no owner more has a number. */
  boolean isFull() {
    return size == uids.length - 1;
  }

  /** Takes their numbers from all owners but some. */
  void keep(boolean[] ids) {
    Arrays.fill(slots, EMPTY);
    size = 0;
    lastId = 0;
    for (int id = 1; id < uids.length; id++) {
      used[id] &= ids[id];
      if (used[id]) {
        slots[slot(uids[id], controlGroups[id])] = id;
        size++;
      }
    }
  }

  /** The owner of a number, null for 0. */
  @Nullable Owner owner(int id) {
    return id == PortHistory.NO_OWNER ? null : new Owner(uids[id], controlGroups[id]);
  }

  private int free() {
    int id = size + 1;
    while (used[id]) {
      id = id + 1 == used.length ? 1 : id + 1;
    }
    return id;
  }

  private int slot(int uid, long controlGroup) {
    long hash = (controlGroup * 31 + uid) * 0x9E3779B97F4A7C15L;
    int slot = (int) (hash >>> 40) & (slots.length - 1);
    while (slots[slot] != EMPTY
        && (uids[slots[slot]] != uid || controlGroups[slots[slot]] != controlGroup)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }
}
