package io.github.portpool.sample;

/**
 * What the search for network namespaces besides the agent's own left out.
 *
 * @param untracked how many were found and are not read
 * @param hiddenProcesses how many processes would not show their namespace
 */
public record NamespaceSearch(int untracked, int hiddenProcesses) {}
