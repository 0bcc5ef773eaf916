package io.github.portpool.access;

import io.github.portpool.source.Opening;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;

/** What calls the system's own functions, which Java may deny to a program. */
final class NativeAccess {
  private NativeAccess() {}

  /**
   * What is opened.
   *
   * @throws SourceException also when Java does not let this program call native functions
   */
  static <T> T attempt(Opening<T> opening) throws SourceException {
    try {
      return opening.open();
    } catch (LinkageError e) {
      if (!String.valueOf(e.getCause()).contains(IllegalCallerException.class.getName())) {
        throw e;
      }
      throw new SourceException(
          Reason.SOCKET,
          "Java denies native calls to portpool: start it with"
              + " --enable-native-access=ALL-UNNAMED, on the module path"
              + " --enable-native-access=io.github.portpool",
          e);
    }
  }
}
