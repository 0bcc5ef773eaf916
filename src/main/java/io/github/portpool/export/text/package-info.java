/** Reports as plain text for a terminal. */
@NullMarked
package io.github.portpool.export.text;

import org.jspecify.annotations.NullMarked;
