package io.github.portpool.source;

import io.github.portpool.host.OwningProcess;
import java.util.List;
import java.util.Map;

/**
 * The processes that hold some sockets, as far as they were found.
 *
 * @param bySocket all that have a descriptor of a socket, by its inode number; the one that the
 *     others inherited it from first
 * @param sought whether all processes were looked into, but for those that nobody may look into: a
 *     socket without one is the kernel's own, or in flight from one process to another
 * @param unseen what was not looked into, one sentence, or empty
 */
public record Holders(Map<Long, List<OwningProcess>> bySocket, boolean sought, String unseen) {
  /** Nobody looked for any. */
  public static final Holders UNSOUGHT = new Holders(Map.of(), false, "");
}
