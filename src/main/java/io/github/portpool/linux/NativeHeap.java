package io.github.portpool.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/**
 * The memory that the C library keeps for malloc(3): malloc_trim(3), which glibc alone has.
 *
 * <p>The JVM's own trimming, -XX:TrimNativeHeapInterval, has a thread that each collection wakes.
 */
public final class NativeHeap {
  private NativeHeap() {}

  /** Gives back what was freed; does nothing where the C library cannot. */
  @SuppressWarnings("restricted")
  public static void trim() {
    Linker linker = Linker.nativeLinker();
    linker.defaultLookup().find("malloc_trim").ifPresent(symbol -> trim(linker, symbol));
  }

  @SuppressWarnings("restricted")
  private static void trim(Linker linker, MemorySegment symbol) {
    try {
      int _ =
          (int)
              linker
                  .downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT, JAVA_LONG))
                  .invokeExact(0L);
    } catch (Throwable thrown) {
      throw new AssertionError(thrown); // what is wrong with the call itself
    }
  }
}
