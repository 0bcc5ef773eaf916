/** Linux: the kernel's own tables of sockets, by BPF: {@code src/main/bpf}. */
@NullMarked
package io.github.portpool.source.bpf;

import org.jspecify.annotations.NullMarked;
