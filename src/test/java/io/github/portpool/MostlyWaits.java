package io.github.portpool;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A test, or a class of tests, that needs a host as those of {@link NeedsHost} do, but mostly waits
 * for programs, ports and namespaces of its own: they run beside one another. What they ask of
 * sockets of this process is true, too, while another program that is being started has them.
 */
@Tag("host")
@Execution(ExecutionMode.CONCURRENT)
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface MostlyWaits {
  /**
   * What connect() calls that fail for lack of a port lock, for they are counted for the whole
   * host; who says that there are none reads it.
   */
  String FAILED_CONNECTS = "failed connects";
}
