/** What a Java program calls to look at its own port pool. */
@NullMarked
package io.github.portpool;

import org.jspecify.annotations.NullMarked;
