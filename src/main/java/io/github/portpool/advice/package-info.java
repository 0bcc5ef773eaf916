/** What is wrong with a host's ports, what that rests on, and the commands that fix it. */
@NullMarked
package io.github.portpool.advice;

import org.jspecify.annotations.NullMarked;
