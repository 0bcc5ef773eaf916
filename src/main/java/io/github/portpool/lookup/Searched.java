package io.github.portpool.lookup;

/**
 * Where an answer was looked for.
 *
 * @param namespaces the network namespaces that were read
 * @param which which ones these are, and which cannot be found
 */
public record Searched(int namespaces, String which) {
  /** The same in a few words: {@code 3 network namespaces: all that a process shows}. */
  @Override
  public String toString() {
    return (namespaces == 1 ? "1 network namespace: " : namespaces + " network namespaces: ")
        + which;
  }
}
