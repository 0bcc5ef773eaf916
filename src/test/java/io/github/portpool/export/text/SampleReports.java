package io.github.portpool.export.text;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.lookup.FoundSocket;
import io.github.portpool.lookup.FoundSocket.Endpoint;
import io.github.portpool.lookup.FoundSocket.Holder;
import io.github.portpool.lookup.LastSeen;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.lookup.RegisteredService;
import io.github.portpool.lookup.Searched;
import io.github.portpool.lookup.SocketsReport;
import io.github.portpool.pool.PortAvailability;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reports that tests show, made of values alone. */
public final class SampleReports {
  /** A name that tries everything; a source would have made it printable. */
  public static final String HOSTILE = "<b>\"'\n\u001b[31m\u001b]0;x\u0007\u202e\ufffd";

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.5Z");
  private static final EphemeralPorts RANGE =
      new EphemeralPorts(32_768, 60_999, PortSet.parse("40000"));
  private static final ControlGroup NGINX = ControlGroup.of("/system.slice/nginx.service");
  private static final ControlGroup CONTAINER =
      ControlGroup.of("/system.slice/docker-" + "0123456789abcdef".repeat(4) + ".scope");
  private static final Searched SEARCHED = new Searched(2, "all that were made");
  private static final String EXACT = "sock_diag does not show it";

  private SampleReports() {}

  private static FoundSocket socket(
      String netns,
      Protocol protocol,
      SocketState state,
      Endpoint local,
      @Nullable Endpoint remote,
      String user,
      @Nullable OwningProcess process,
      @Nullable ControlGroup group) {
    return new FoundSocket(
        netns,
        !netns.equals("host"),
        protocol,
        state,
        local,
        remote,
        local.address().equals("::"),
        local.address().startsWith("fe80") ? 3 : 0,
        state == SocketState.TIME_WAIT ? 42_001 : 0,
        user,
        process != null ? Holder.PROCESS : user.isEmpty() ? Holder.NOBODY : Holder.UNKNOWN,
        process == null
            ? List.of()
            : List.of(new FoundSocket.HeldBy(process.pid(), process.name(), since(process), "")),
        0,
        group);
  }

  private static Instant since(OwningProcess process) {
    return NOW.minusSeconds(process.pid() * 100L);
  }

  private static PortReport report(
      int port,
      List<RegisteredService> services,
      PortAvailability tcp,
      PortAvailability udp,
      List<FoundSocket> sockets,
      int untracked,
      @Nullable List<LastSeen> history,
      Map<Feature, String> unavailable) {
    return new PortReport(
        port,
        NOW,
        "host",
        SEARCHED,
        RANGE,
        services,
        new TreeMap<>(Map.of(Protocol.TCP, tcp, Protocol.UDP, udp)),
        sockets,
        untracked,
        List.of(),
        history,
        unavailable);
  }

  /** A web server in the ephemeral range, its clients, and what is not so easily shown. */
  public static PortReport listeners() {
    int port = 40_000;
    OwningProcess nginx = new OwningProcess(4711, "nginx", "www-data");
    OwningProcess hostile = new OwningProcess(47, HOSTILE, "root");
    Endpoint any = new Endpoint("0.0.0.0", port);
    Endpoint any6 = new Endpoint("::", port);
    Endpoint local = new Endpoint("10.0.0.1", port);
    return report(
        port,
        List.of(
            new RegisteredService("safetynetp", "tcp", "SafetyNET p"),
            new RegisteredService("safetynetp", "udp", "SafetyNET p")),
        PortAvailability.RESERVED,
        PortAvailability.RESERVED,
        List.of(
            socket("host", Protocol.TCP, SocketState.LISTEN, any, null, "www-data", nginx, NGINX),
            socket("host", Protocol.TCP, SocketState.LISTEN, any6, null, "www-data", nginx, NGINX),
            socket(
                "blue",
                Protocol.UDP,
                SocketState.UNCONNECTED,
                new Endpoint("fe80::1", port),
                null,
                "root",
                hostile,
                CONTAINER),
            socket(
                "host",
                Protocol.TCP,
                SocketState.ESTABLISHED,
                local,
                new Endpoint("192.0.2.7", 50_001),
                "www-data",
                nginx,
                NGINX),
            socket(
                "host",
                Protocol.TCP,
                SocketState.SYN_RECV,
                local,
                new Endpoint("192.0.2.8", 50_002),
                "",
                null,
                null),
            socket(
                "host",
                Protocol.TCP,
                SocketState.TIME_WAIT,
                local,
                new Endpoint("2001:db8::1", 50_003),
                "",
                null,
                null)),
        1234,
        List.of(),
        Map.of(Feature.EXACT_BLOCKED, EXACT));
  }

  /** A port that only the kernel holds, of which an agent knows more. */
  public static PortReport timeWait() {
    int port = 60_696;
    return report(
        port,
        List.of(),
        PortAvailability.SHARED,
        PortAvailability.FREE,
        List.of(
            socket(
                "host",
                Protocol.TCP,
                SocketState.TIME_WAIT,
                new Endpoint("10.0.0.1", port),
                new Endpoint("192.0.2.7", 443),
                "",
                null,
                null)),
        0,
        List.of(
            new LastSeen(
                "host",
                Protocol.TCP,
                SocketState.TIME_WAIT,
                NOW.minusSeconds(93_600),
                NOW.minusMillis(1500),
                new LastSeen.Owner("www-data", NGINX, NOW.minusSeconds(65))),
            new LastSeen(
                "blue",
                Protocol.UDP,
                SocketState.UNCONNECTED,
                NOW.minusSeconds(300_000),
                NOW.minusSeconds(200_000),
                null)),
        Map.of(Feature.EXACT_BLOCKED, EXACT));
  }

  /** A port without any socket, on a host where much is hidden. */
  public static PortReport nothing() {
    return report(
        443,
        List.of(new RegisteredService("https", "tcp", "http protocol over TLS/SSL")),
        PortAvailability.OUTSIDE_RANGE,
        PortAvailability.OUTSIDE_RANGE,
        List.of(),
        0,
        null,
        Map.of(
            Feature.NAMESPACES,
            "other network namespaces cannot be entered: give the agent CAP_SYS_ADMIN",
            Feature.PROCESSES,
            "only processes of user nobody are seen"));
  }

  /** A socket whose process may not be seen. */
  public static PortReport hidden() {
    return report(
        50_000,
        List.of(),
        PortAvailability.CLOSED,
        PortAvailability.FREE,
        List.of(
            socket(
                "host",
                Protocol.TCP,
                SocketState.BOUND,
                new Endpoint("127.0.0.1", 50_000),
                null,
                "postgres",
                null,
                CONTAINER)),
        0,
        null,
        Map.of(Feature.PROCESSES, "only processes of user nobody are seen: give it rights"));
  }

  /** What a process holds. */
  public static SocketsReport process() {
    return new SocketsReport(
        "nginx", NOW, SEARCHED, listeners().sockets().subList(0, 2), 0, List.of(), Map.of());
  }

  /** A process that holds nothing, or is not there. */
  public static SocketsReport noProcess() {
    return new SocketsReport(
        HOSTILE,
        NOW,
        SEARCHED,
        List.of(),
        0,
        List.of(),
        Map.of(Feature.PROCESSES, "only some are seen: be root"));
  }
}
