/** The command line: one small class per command. */
@NullMarked
package io.github.portpool.cli;

import org.jspecify.annotations.NullMarked;
