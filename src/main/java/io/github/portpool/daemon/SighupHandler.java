package io.github.portpool.daemon;

import java.lang.reflect.Proxy;

/**
 * SIGHUP, which asks a daemon to read its configuration again: signal(7).
 *
 * <p>Java has signals only in {@code sun.misc}, which the compiler warns of whatever one tells it;
 * hence by reflection.
 */
public final class SighupHandler {
  private SighupHandler() {}

  /** From now on runs a task, on a thread of its own, for each SIGHUP; where there is one. */
  public static void runs(Runnable task) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object running =
          Proxy.newProxyInstance(
              SighupHandler.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  task.run();
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), running);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // Windows has no SIGHUP.
      System.getLogger(SighupHandler.class.getName())
          .log(System.Logger.Level.DEBUG, "there is no SIGHUP here", e);
    }
  }
}
