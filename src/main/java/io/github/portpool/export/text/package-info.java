/** What commands say to people and to monitoring: pages and lines of plain text. */
@NullMarked
package io.github.portpool.export.text;

import org.jspecify.annotations.NullMarked;
