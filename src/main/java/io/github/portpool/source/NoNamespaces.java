package io.github.portpool.source;

import io.github.portpool.snapshot.Feature;
import java.util.Map;

/**
 * No network namespaces besides the agent's own.
 *
 * @param reason why not, one sentence with the cure
 * @param home the inode number of the agent's own, 0 where there is none
 * @param own what that is called
 */
public record NoNamespaces(String reason, long home, String own) implements NamespaceSource {
  /** None besides one that passes for the host's. */
  public NoNamespaces(String reason, long home) {
    this(reason, home, HOST);
  }

  @Override
  public Map<Feature, String> unavailable() {
    return Map.of(Feature.NAMESPACES, reason);
  }

  @Override
  public String name(long inode) {
    return inode == home ? HOST : "";
  }
}
