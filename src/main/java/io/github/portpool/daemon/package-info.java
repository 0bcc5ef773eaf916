/** What makes a program a daemon: signals, the log, memory, open files, the service manager. */
@NullMarked
package io.github.portpool.daemon;

import org.jspecify.annotations.NullMarked;
