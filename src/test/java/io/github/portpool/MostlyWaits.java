package io.github.portpool;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A class whose tests need a host as those of {@link NeedsHost} do, but mostly wait for programs,
 * ports and namespaces of their own: they run beside one another. They ask nothing that depends on
 * sockets of this process, and let no connect() fail for lack of a port, which is counted for the
 * whole host.
 */
@Tag("host")
@Execution(ExecutionMode.CONCURRENT)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface MostlyWaits {}
