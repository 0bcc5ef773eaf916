/** Linux: network namespaces other than the agent's own, network_namespaces(7). */
@NullMarked
package io.github.portpool.source.netns;

import org.jspecify.annotations.NullMarked;
