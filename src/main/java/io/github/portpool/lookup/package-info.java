/** What is on a port, and what a port is: the answer to one question at one moment. */
@NullMarked
package io.github.portpool.lookup;

import org.jspecify.annotations.NullMarked;
