package io.github.portpool.sample;

/**
 * One whose connect() failed for lack of a port, by names.
 *
 * @param netns the name of its network namespace, or the inode number of one that has no name, or
 *     empty when the process was gone before it could be looked at
 * @param process the name of the process, or empty when it was gone
 * @param controlGroup the path of its control group, or empty when it is not known
 * @param destination where it wanted to go, for example {@code 10.0.0.1:80}
 */
public record NamedCulprit(String netns, String process, String controlGroup, String destination) {}
