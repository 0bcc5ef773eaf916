package io.github.portpool.cli;

import io.github.portpool.access.OpenSources;
import io.github.portpool.daemon.FileBudget;
import io.github.portpool.daemon.Housekeeping;
import io.github.portpool.daemon.Logging;
import io.github.portpool.daemon.SelfCheck;
import io.github.portpool.daemon.ServiceManager;
import io.github.portpool.daemon.SighupHandler;
import io.github.portpool.daemon.SocketActivation;
import io.github.portpool.daemon.StopSignal;
import io.github.portpool.export.prometheus.AgentMetrics;
import io.github.portpool.export.prometheus.MetricsEndpoint;
import io.github.portpool.export.prometheus.PoolCollector;
import io.github.portpool.export.prometheus.otlp.OtlpPush;
import io.github.portpool.export.text.ServiceLine;
import io.github.portpool.export.web.config.LiveWebConfig;
import io.github.portpool.export.web.pages.Agent;
import io.github.portpool.export.web.pages.Api;
import io.github.portpool.export.web.pages.Assets;
import io.github.portpool.export.web.pages.HealthPages;
import io.github.portpool.export.web.pages.LandingPage;
import io.github.portpool.export.web.pages.Layout;
import io.github.portpool.export.web.pages.ListenersPage;
import io.github.portpool.export.web.pages.PortMapPage;
import io.github.portpool.export.web.pages.PortPage;
import io.github.portpool.export.web.pages.RunbookPage;
import io.github.portpool.export.web.server.DetailsAccess;
import io.github.portpool.export.web.server.ListenAddress;
import io.github.portpool.export.web.server.ListenException;
import io.github.portpool.export.web.server.Negotiation;
import io.github.portpool.export.web.server.OwnNames;
import io.github.portpool.export.web.server.WebPage;
import io.github.portpool.export.web.server.WebServer;
import io.github.portpool.host.ExplainedException;
import io.github.portpool.host.HostName;
import io.github.portpool.host.KernelRelease;
import io.github.portpool.metrics.AgentReport;
import io.github.portpool.metrics.ExportCounts;
import io.github.portpool.sample.BuildInfo;
import io.github.portpool.sample.CpuBudget;
import io.github.portpool.sample.HostSources;
import io.github.portpool.sample.Sampler;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.table.IpAddress;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code portpool serve}: the agent. */
@Command(
    name = "serve",
    description = "Samples this host's sockets and serves metrics until it is told to stop.",
    footer = {
      "",
      "Each option is also read from the environment: --sample.interval is"
          + " PORTPOOL_SAMPLE_INTERVAL."
    },
    abbreviateSynopsis = true,
    sortOptions = false)
final class ServeCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger(ServeCommand.class.getName());

  @Option(
      names = "--web.listen-address",
      paramLabel = "ADDRESS",
      split = ",",
      defaultValue = ":10696",
      converter = Converters.Address.class,
      description = "Address to listen on; may be repeated. Default: ${DEFAULT-VALUE}")
  private List<ListenAddress> listenAddresses;

  @Option(
      names = "--web.systemd-socket",
      description =
          "Serve the socket that systemd has opened, in place of --web.listen-address: see"
              + " systemd.socket(5).")
  private boolean systemdSocket;

  @Option(
      names = "--web.config.file",
      paramLabel = "FILE",
      description =
          "File that can enable TLS, client certificates and basic authentication, in the format of"
              + " Prometheus' exporters; it is read again when it changes. Default: none")
  private @Nullable Path webConfig;

  @Option(
      names = "--web.telemetry-path",
      paramLabel = "PATH",
      defaultValue = "/metrics",
      description = "Path of the metrics. Default: ${DEFAULT-VALUE}")
  private String telemetryPath;

  @Option(
      names = "--web.details",
      paramLabel = "CLIENTS",
      defaultValue = "loopback",
      description =
          "Who may see the pages that show processes and addresses: loopback for clients on this"
              + " host, or all. Default: ${DEFAULT-VALUE}")
  private DetailsAccess.Clients details;

  @Option(
      names = "--web.disable-exporter-metrics",
      description = "Leave out the metrics of this process and its JVM.")
  private boolean disableExporterMetrics;

  @Option(
      names = "--sample.interval",
      paramLabel = "DURATION",
      defaultValue = "5s",
      converter = Converters.Interval.class,
      description = "Time between two samples, 100ms to 1h. Default: ${DEFAULT-VALUE}")
  private Duration interval;

  @Option(
      names = "--sample.cpu-budget",
      paramLabel = "SHARE",
      defaultValue = "1%",
      converter = Converters.Budget.class,
      description =
          "CPU time that samples may take, of one core; samples come less often rather than exceed"
              + " it. Default: ${DEFAULT-VALUE}")
  private CpuBudget budget;

  @Option(
      names = "--destinations.top",
      paramLabel = "N",
      defaultValue = "10",
      converter = Converters.Top.class,
      description =
          "How many destinations of each protocol are named in metrics, 0 to 1000. Default:"
              + " ${DEFAULT-VALUE}")
  private int topDestinations;

  @Mixin private HostOptions host;

  @Mixin private SourceOption source;

  @Mixin private OtlpOptions otlp;

  @Mixin private LogOptions log;

  @Mixin private ConfigOption config;

  @Option(
      names = "--check-config",
      description =
          "Only check the options and the files that they name. Exit code: 0 when nothing is wrong,"
              + " 2 when something is.")
  private boolean checkConfig;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws ExplainedException {
    checkOptions();
    log.configure();
    if (checkConfig) {
      return check();
    }
    try (StopSignal stop = new StopSignal();
        ServiceManager manager = ServiceManager.of(System.getenv(), ServiceLine::of)) {
      stop.listen();
      return serve(stop, manager);
    } catch (ExplainedException e) {
      if (!log.isForPrograms()) {
        throw e;
      }
      LOG.log(Level.ERROR, e.message());
      return ExitCode.SOFTWARE;
    }
  }

  private int check() {
    AgentMetrics nothing = new AgentMetrics(new PoolCollector(ServeCommand::noReport), false);
    try {
      webConfig();
      OtlpPush push = otlp.push(nothing, new ExportCounts());
      if (push != null) {
        push.close();
      }
    } catch (ExplainedException e) {
      PortpoolCommand.fail(spec.commandLine(), e.message());
      return ExitCode.USAGE;
    }
    spec.commandLine().getOut().println("the configuration is in order");
    return ExitCode.OK;
  }

  private static AgentReport noReport() {
    throw new IllegalStateException("a check samples nothing");
  }

  private LiveWebConfig webConfig() throws ExplainedException {
    return webConfig == null ? LiveWebConfig.none() : LiveWebConfig.of(webConfig);
  }

  private int serve(StopSignal stop, ServiceManager manager) throws ExplainedException {
    try (HostSources sources = OpenSources.open(source.choice(), host.wanted(source.choice()));
        OwnerSource owners = source.choice().owners();
        Sampler sampler = new Sampler(sources, options(), manager, owners)) {
      BuildInfo build = BuildInfo.current();
      ExportCounts exports = new ExportCounts();
      AgentMetrics metrics =
          new AgentMetrics(
              new PoolCollector(
                  () -> new AgentReport(sampler.report(), build, exports.byOutcome())),
              !disableExporterMetrics);
      try (OtlpPush push = otlp.push(metrics, exports);
          WebServer server =
              WebServer.start(
                  systemdSocket ? List.of() : listenAddresses,
                  FileBudget.CURRENT.connections(),
                  webConfig(),
                  pages(sampler, metrics),
                  new DetailsAccess(details, new OwnNames()::contain))) {
        listenLocally(server);
        if (systemdSocket) {
          server.adopt(SocketActivation.socket(System.getenv()));
        }
        announce(sources, server);
        SighupHandler.runs(new Reload(arguments(), file(), manager, next -> next.change(sampler)));
        sampler.start();
        if (push != null) {
          push.start();
        }
        Housekeeping.until(stop, manager, new SelfCheck(server.addresses()));
        manager.stopping();
      }
    }
    LOG.log(Level.INFO, "stopped");
    Logging.flush();
    stop.done();
    return 0;
  }

  /** What asks there can do without an answer. */
  private static void listenLocally(WebServer server) {
    Path file = AgentSocket.ofService(System.getenv()).orElse(null);
    try {
      if (file != null) {
        server.listenLocally(file);
      }
    } catch (ListenException e) {
      LOG.log(Level.WARNING, e.message());
    }
  }

  private void change(Sampler sampler) {
    sampler.change(interval, budget);
    log.configure();
  }

  private String[] arguments() {
    return spec.root().commandLine().getParseResult().originalArgs().toArray(String[]::new);
  }

  private ConfigFile file() {
    return spec.commandLine().getDefaultValueProvider() instanceof OptionDefaults defaults
        ? defaults.file()
        : ConfigFile.NONE;
  }

  /** Throws what is wrong with options and configuration file, beyond the form of single values. */
  void checkOptions() {
    String fault = config.fault(file(), spec);
    if (!fault.isEmpty()) {
      throw new ParameterException(spec.commandLine(), fault);
    }
    if (webConfig != null && webConfig.toString().isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--web.config.file is empty: name a file, or leave the option out to serve everybody");
    }
    if (!telemetryPath.matches("(/[A-Za-z0-9._~-]+)+/?|/")
        || telemetryPath.matches("/(-|api|assets|ports|listeners|runbook)(/.*)?")) {
      throw new ParameterException(
          spec.commandLine(),
          "--web.telemetry-path must begin with / and hold letters, digits and . _ ~ / - only, and"
              + " not lie below /-/, /api, /assets, /ports, /listeners or /runbook");
    }
  }

  private Sampler.Options options() {
    return new Sampler.Options(interval, budget, host.bounds(topDestinations));
  }

  private List<WebPage> pages(Sampler sampler, AgentMetrics metrics) {
    BuildInfo build = BuildInfo.current();
    Layout layout = new Layout(build, telemetryPath, HostName::current);
    Agent agent =
        new Agent(
            OpenSources.ownNamespace(),
            sampler::report,
            sampler::trend,
            sampler::map,
            sampler::lookUp,
            sampler::listeners);
    List<WebPage> pages = new ArrayList<>(Assets.pages());
    pages.add(WebPage.open("/", LandingPage.of(sampler::report, layout)));
    pages.add(WebPage.open("/-/healthy", HealthPages.healthy()));
    pages.add(WebPage.open("/-/ready", HealthPages.ready(sampler::report)));
    pages.add(WebPage.details("/ports", PortMapPage.of(agent, layout)).waiting());
    pages.add(WebPage.details("/ports/*", PortPage.of(agent.ports(), layout)).waiting());
    pages.add(WebPage.details("/listeners", ListenersPage.of(agent, layout)).waiting());
    pages.add(WebPage.open("/runbook", RunbookPage.of(layout)));
    pages.addAll(Api.pages(agent));
    pages.add(
        WebPage.open(
            telemetryPath, Negotiation.of(MetricsEndpoint.TYPES, MetricsEndpoint.of(metrics))));
    return pages;
  }

  private void announce(HostSources sources, WebServer server) {
    BuildInfo build = BuildInfo.current();
    LOG.log(
        Level.INFO,
        "portpool {0}, revision {1}, source {2}, a sample every {3} ms",
        build.version(),
        build.revision(),
        sources.sockets().name(),
        String.valueOf(interval.toMillis()));
    server
        .addresses()
        .forEach(address -> LOG.log(Level.INFO, "listening on {0}", IpAddress.withPort(address)));
    KernelRelease kernel = KernelRelease.of(System.getProperty("os.version", ""));
    if (kernel.isUntried()) {
      LOG.log(
          Level.INFO,
          "this kernel, {0}, is newer than any that portpool was tried on ({1}): compare its figures"
              + " with what connect() does before you rely on them",
          kernel,
          KernelRelease.NEWEST_TRIED);
    }
    String own = sources.namespaces().own();
    if (!own.equals(NamespaceSource.HOST)) {
      LOG.log(
          Level.INFO,
          "portpool runs in network namespace {0}: the label netns=\"host\" stands for that one,"
              + " not for the host''s",
          own);
    }
    if (!host.shortage().isEmpty()) {
      LOG.log(Level.INFO, host.shortage());
    }
  }
}
