package io.github.portpool.source;

import io.github.portpool.source.SourceException.Reason;
import java.util.function.Function;

/** A way to open something that a host may refuse. */
@FunctionalInterface
public interface Opening<T> {
  /**
   * Opens it.
   *
   * @throws SourceException when it is refused
   */
  T open() throws SourceException;

  /** What is opened, or what stands for it, made of the reason why it is not. */
  default T orElse(Function<String, T> substitute) {
    try {
      return open();
    } catch (SourceException e) {
      return substitute.apply(e.message());
    }
  }

  /** What nobody asked for, which takes one sentence. */
  static <T> Opening<T> unwanted(String reason) {
    return () -> {
      throw new SourceException(Reason.SETTINGS, reason);
    };
  }
}
