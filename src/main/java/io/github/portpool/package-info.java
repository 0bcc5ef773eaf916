/** The program. */
@NullMarked
package io.github.portpool;

import org.jspecify.annotations.NullMarked;
