package io.github.portpool.cli;

import io.github.portpool.daemon.ServiceManager;
import io.github.portpool.host.Trouble;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Reading the configuration again while the agent runs: a file that is wrong changes nothing.
 *
 * <p>Some options change at once, the others with the next start; which, the log says.
 */
final class Reload implements Runnable {
  /** The options that change at once. */
  private static final Set<String> LIVE =
      Set.of("sample.interval", "sample.cpu-budget", "log.level", "log.format");

  private static final System.Logger LOG = System.getLogger(Reload.class.getName());

  private final String[] arguments;
  private final ServiceManager manager;
  private final Consumer<ServeCommand> change;
  private ConfigFile file;

  /** Changes what runs with {@code arguments} and {@code file}. */
  Reload(
      String[] arguments, ConfigFile file, ServiceManager manager, Consumer<ServeCommand> change) {
    this.arguments = arguments;
    this.file = file;
    this.manager = manager;
    this.change = change;
  }

  @Override
  public synchronized void run() {
    manager.reloading();
    try {
      read();
    } catch (ParameterException e) {
      LOG.log(Level.ERROR, "the configuration stays as it was: {0}", Trouble.reason(e));
    } finally {
      manager.reloaded();
    }
  }

  private void read() {
    Map<String, String> environment = System.getenv();
    ConfigFile next = ConfigOption.of(arguments, environment);
    CommandLine line = PortpoolCommand.line(arguments, new OptionDefaults(environment, next));
    ServeCommand serve =
        (ServeCommand) line.parseArgs(arguments).subcommand().commandSpec().userObject();
    serve.checkOptions();
    change.accept(serve);
    Set<String> waiting = next.differences(file);
    waiting.removeAll(LIVE);
    file = next;
    LOG.log(Level.INFO, "the configuration was read again");
    if (!waiting.isEmpty()) {
      LOG.log(Level.WARNING, "takes a restart to change: {0}", String.join(", ", waiting));
    }
  }
}
