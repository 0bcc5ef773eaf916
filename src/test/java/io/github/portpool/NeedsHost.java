package io.github.portpool;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A test, or a class of tests, that starts programs, or needs root, namespaces or packages: {@code
 * make check} leaves it out, {@code make test} runs it.
 *
 * <p>Nothing runs beside it: what the kernel says of this process's sockets would not be true while
 * another test starts a program, which has them all for a moment, and after they are closed.
 */
@Tag("host")
@Isolated
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface NeedsHost {}
