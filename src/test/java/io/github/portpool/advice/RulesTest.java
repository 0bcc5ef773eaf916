package io.github.portpool.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.export.text.JudgementText;
import io.github.portpool.host.ConnectFailures.Culprit;
import io.github.portpool.host.RecentFailures;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule fires where it should, on the numbers that it says, and is silent elsewhere. */
class RulesTest {
  private static final String RESERVE = "sysctl -w net.ipv4.ip_local_reserved_ports=";

  private static List<String> rules(Host host) {
    return Doctor.judge(host.facts()).findings().stream().map(Finding::rule).toList();
  }

  private static Finding only(Host host) {
    List<Finding> findings = Doctor.judge(host.facts()).findings();
    assertEquals(1, findings.size(), findings.toString());
    return findings.getFirst();
  }

  private static List<String> commands(Finding finding) {
    return finding.fixes().stream().map(Fix::command).toList();
  }

  @Test
  void aHealthyHost() {
    Host host =
        new Host()
            .listener(Protocol.TCP, 443, 1, 1)
            .listener(Protocol.TCP, 33_060, 2, 1)
            .reserved("33060")
            .connections(100, "10.0.0.2", 80)
            .holder(1, 100, 3, 3, 3, 97)
            .timeWait(100, 100)
            .conntrack(79, 100)
            .kubernetes("process kubelet (pid 7)");
    assertEquals(List.of(), rules(host));
    assertTrue(Doctor.judge(host.facts()).healthy());
  }

  @Test
  void unreservedListeners() {
    Finding finding =
        only(
            new Host()
                .reserved("8080,40000-40010")
                .listener(Protocol.TCP, 40_005, 1, 1)
                .listener(Protocol.TCP, 33_060, 2, 5)
                .listener(Protocol.UDP, 40_011, 3, 5)
                .process(2, 812, "mysqld")
                .group(5, "/system.slice/mysql.service")
                .range(32_768, 60_999)
                .reserved("40000-40010"));
    assertEquals("unreserved_listeners", finding.rule());
    assertEquals(Severity.WARNING, finding.severity());
    assertEquals(
        List.of(
            "TCP port 33060: mysqld (pid 812), user 0, mysql.service",
            "UDP port 40011: user 0, mysql.service"),
        finding.evidence());
    assertEquals(List.of(RESERVE + "33060,40000-40011"), commands(finding));
    assertEquals(
        "echo 'net.ipv4.ip_local_reserved_ports=33060,40000-40011'"
            + " >> /etc/sysctl.d/zz-portpool.conf",
        finding.fixes().getFirst().lasting());
  }

  @Test
  void aPortThatTheKernelChoseIsNotReserved() {
    assertEquals(List.of(), rules(new Host().unnamedListener(40_000)));
    Finding finding = only(new Host().unnamedListener(40_000).listener(Protocol.TCP, 33_060, 2, 5));
    assertEquals(
        "1 listener inside the ephemeral range 32768-60999 without a reservation", finding.title());
    assertEquals(List.of(RESERVE + "33060"), commands(finding));
  }

  @Test
  void nodePortsOfANode() {
    Finding finding = only(new Host().range(15_000, 64_999).kubernetes("process kubelet (pid 7)"));
    assertEquals("node_ports", finding.rule());
    assertEquals(
        List.of(
            "2768 ports of the pool are node ports",
            "a node of Kubernetes: process kubelet (pid 7)"),
        finding.evidence());
    assertEquals(List.of(RESERVE + "30000-32767"), commands(finding));
    assertEquals(
        List.of(),
        rules(new Host().range(15_000, 64_999).reserved("30000-32767").kubernetes("a sign")));
  }

  @Test
  void nodePortsOfAnyHostAreANote() {
    Finding finding = only(new Host().range(15_000, 64_999));
    assertEquals(Severity.NOTE, finding.severity());
    assertEquals(List.of(), finding.fixes());
    assertTrue(Doctor.judge(new Host().range(15_000, 64_999).facts()).healthy());
  }

  @Test
  void aSmallRange() {
    Finding finding = only(new Host().range(50_000, 50_099).listener(Protocol.TCP, 443, 1, 1));
    assertEquals("small_range", finding.rule());
    assertEquals(List.of("50000-50099, 0 reserved: a pool of 100"), finding.evidence());
    assertEquals(
        List.of("sysctl -w 'net.ipv4.ip_local_port_range=32768 60999'"), commands(finding));
  }

  @Test
  void aPoolThatReservationsMadeSmall() {
    Finding finding = only(new Host().reserved("32768-46884"));
    assertEquals("small_range", finding.rule());
    assertEquals("The pool has 14,115 ports; the default of Linux has 28,232", finding.title());
    assertEquals(List.of("32768-60999, 14117 reserved: a pool of 14115"), finding.evidence());
    assertEquals(
        List.of("sysctl -w 'net.ipv4.ip_local_port_range=32768 65535'"), commands(finding));
    assertEquals(List.of(), rules(new Host().reserved("32768-46883")));
  }

  @Test
  void anEmptyPool() {
    Host host = new Host().range(50_000, 50_099).reserved("50000-50099");
    List<Finding> findings = Doctor.judge(host.facts()).findings();
    assertEquals(List.of("empty_pool", "udp_pool", "bind_pool"), rules(host));
    assertTrue(findings.stream().allMatch(each -> each.severity() == Severity.CRITICAL));
    assertEquals(List.of("50000-50099, 100 reserved: a pool of 0"), findings.getFirst().evidence());
    assertEquals(
        List.of("sysctl -w 'net.ipv4.ip_local_port_range=32768 60999'"),
        commands(findings.getFirst()));
    assertEquals("No UDP socket gets a port any more", findings.get(1).title());
  }

  @Test
  void aRangeIsNotWidenedOverListeners() {
    Finding finding =
        only(
            new Host()
                .range(50_000, 50_099)
                .reserved("50001")
                .listener(Protocol.TCP, 33_060, 1, 1)
                .listener(Protocol.TCP, 61_000, 1, 1));
    assertEquals(
        List.of(RESERVE + "33060,50001", "sysctl -w 'net.ipv4.ip_local_port_range=32768 60999'"),
        commands(finding));
  }

  @Test
  void commandsThatSetTheSamePortsDoNotUndoOneAnother() {
    List<Finding> findings =
        Doctor.judge(
                new Host()
                    .range(30_000, 40_000)
                    .kubernetes("a sign")
                    .listener(Protocol.TCP, 35_000, 1, 1)
                    .listener(Protocol.TCP, 50_000, 1, 1)
                    .facts())
            .findings();
    assertEquals(3, findings.size());
    for (Finding finding : findings) {
      assertEquals(RESERVE + "30000-32767,35000,50000", commands(finding).getFirst());
    }
  }

  @Test
  void destinationsPastOneHalf() {
    Host half = new Host().connections(14_116, "10.0.0.2", 80);
    assertEquals(List.of(), rules(half));
    Finding finding = only(new Host().connections(14_117, "10.0.0.2", 80));
    assertEquals("tight_destinations", finding.rule());
    assertEquals(Severity.WARNING, finding.severity());
    assertEquals(
        List.of(
            "10.0.0.2:80 from 10.0.0.1: 14117 ports used, 14115 free",
            "of these 14117 ESTABLISHED: no process holds them"),
        finding.evidence());
  }

  @Test
  void whatIsCriticalToCheckIsCriticalToTheDoctor() {
    for (SocketState state : List.of(SocketState.LISTEN, SocketState.BOUND)) {
      Host host = new Host().sockets(state, 26_900, "", 0, 1).process(1, 9, "hoarder");
      Diagnosis diagnosis = Doctor.judge(host.facts());
      assertEquals(CheckState.CRITICAL, diagnosis.verdict().state());
      Finding finding = diagnosis.findings().getFirst();
      assertEquals("closed_ports", finding.rule());
      assertEquals(Severity.CRITICAL, finding.severity());
      assertTrue(finding.evidence().toString().contains("hoarder (pid 9)"), finding.toString());
    }
    assertEquals(
        CheckState.CRITICAL, Doctor.judge(new Host().udpSockets(26_900).facts()).verdict().state());
    assertEquals(Severity.CRITICAL, only(new Host().udpSockets(26_900)).severity());
    Host nearlyAll = new Host().connections(26_900, "10.0.0.2", 80);
    assertEquals(List.of("tight_destinations", "bind_pool"), rules(nearlyAll));
    Doctor.judge(nearlyAll.facts())
        .findings()
        .forEach(finding -> assertEquals(Severity.CRITICAL, finding.severity()));
  }

  @ParameterizedTest
  @CsvSource({
    "SYN_SENT, connect timeout",
    "FIN_WAIT1, tcp_orphan_retries",
    "LAST_ACK, tcp_orphan_retries",
    "FIN_WAIT2, tcp_fin_timeout",
    "CLOSE_WAIT, does not close them",
    "TIME_WAIT, tcp_tw_reuse",
    "ESTABLISHED, share them",
  })
  void theCureDependsOnTheState(SocketState state, String cure) {
    Finding finding =
        Doctor.judge(new Host().settings(0, 1).sockets(state, 28_232, "10.0.0.2", 80, 0).facts())
            .findings()
            .getFirst();
    assertEquals("tight_destinations", finding.rule());
    assertTrue(finding.advice().contains(cure), finding.toString());
    assertEquals("of these 28232 " + state + ": no process holds them", finding.evidence().get(1));
  }

  @Test
  void connectCallsThatFailThoughThePoolHasPorts() {
    Host host =
        new Host().failures(new RecentFailures(3, 1, new Culprit(7, "curl", 0, "10.0.0.2:80"), ""));
    Finding finding = only(host);
    assertEquals("failed_connects", finding.rule());
    assertEquals(
        List.of(
            "3 within 1.0 s, most often of curl toward 10.0.0.2:80",
            "28232 of 28232 ports of the pool are free toward the worst destination"),
        finding.evidence());
    assertEquals(CheckState.CRITICAL, Doctor.judge(host.facts()).verdict().state());
    assertEquals(
        "3 connect() calls failed for lack of a port within 1 s, most often of curl toward"
            + " 10.0.0.2:80, though the pool has ports (28232 of 28232 ports free toward any TCP"
            + " destination (0.0 % used)): see portpool doctor",
        JudgementText.reason(host.facts().judgement()));
  }

  @Test
  void randomListenersAreANote() {
    Finding finding =
        only(new Host().random(5, 700, 690, 3).group(5, "/system.slice/unbound.service"));
    assertEquals(Severity.NOTE, finding.severity());
    assertEquals(
        List.of(
            "700 opened and 690 closed while the doctor looked, 3 stayed: user app,"
                + " unbound.service"),
        finding.evidence());
  }

  @Test
  void anExhaustedPool() {
    List<Finding> findings =
        Doctor.judge(new Host().connections(28_232, "10.0.0.2", 80).facts()).findings();
    assertEquals(2, findings.size());
    assertEquals(Severity.CRITICAL, findings.getFirst().severity());
    assertEquals(
        "connect() fails toward 1 destination: no port is left", findings.getFirst().title());
    assertEquals("bind_pool", findings.getLast().rule());
    assertEquals(
        List.of("28232 of 28232 ports have a socket", "28232 ESTABLISHED: no process holds them"),
        findings.getLast().evidence());
  }

  @Test
  void aUdpPoolPastOneHalf() {
    assertEquals(List.of(), rules(new Host().udpSockets(14_116)));
    Finding finding = only(new Host().udpSockets(14_117));
    assertEquals("udp_pool", finding.rule());
    assertEquals(Severity.WARNING, finding.severity());
    assertEquals(
        List.of("14117 ports used, 14115 free", "14117 ESTABLISHED: no process holds them"),
        finding.evidence());
    assertEquals(Severity.CRITICAL, only(new Host().udpSockets(28_232)).severity());
  }

  @Test
  void aUdpPoolOfIpv6Alone() {
    Finding finding = only(new Host().udpSocketsOfIpv6Alone(28_232));
    assertEquals(Severity.CRITICAL, finding.severity());
    assertEquals("No UDP socket of IPv6 gets a port any more", finding.title());
  }

  @Test
  void bindBeforeConnect() {
    Finding finding =
        only(
            new Host()
                .holder(5, 300, 0, 100, 200, 0)
                .process(1, 9, "envoy")
                .process(2, 10, "envoy")
                .group(5, "/system.slice/docker-" + "ab".repeat(32) + ".scope"));
    assertEquals("bind_before_connect", finding.rule());
    assertEquals(
        List.of(
            "300 of 300 connections (100 named the port, 200 let bind() choose it): envoy (pid 9),"
                + " envoy (pid 10), user app, container abababababab"),
        finding.evidence());
  }

  @Test
  void outlivedListeners() {
    Finding finding =
        only(
            new Host()
                .outlived(5, 8)
                .process(1, 9, "proxy")
                .group(5, "/system.slice/proxy.service"));
    assertEquals("outlived_listener", finding.rule());
    assertEquals(Severity.NOTE, finding.severity());
    assertEquals(
        List.of("16 connections: proxy (pid 9), user app, proxy.service"), finding.evidence());
    assertEquals(List.of(), rules(new Host().outlived(5, 7)));
  }

  @Test
  void leftoversOfAFullDestinationAreNoBindBeforeConnect() {
    assertEquals(List.of(), rules(new Host().holder(5, 1000, 0, 0, 400, 600)));
    assertEquals(List.of(), rules(new Host().holder(5, 7, 0, 7, 7, 0)));
  }

  @Test
  void closeWait() {
    Finding finding =
        only(
            new Host()
                .holder(5, 120, 100, 0, 0, 120)
                .process(1, 9, "leaky")
                .group(5, "/system.slice/leaky@1.service"));
    assertEquals("close_wait", finding.rule());
    assertEquals(
        List.of("100 of 120 connections of leaky (pid 9), user app, leaky@1.service"),
        finding.evidence());
    assertEquals(List.of("systemctl restart leaky@1.service"), commands(finding));
    assertEquals("", finding.fixes().getFirst().lasting());
    assertEquals(List.of(), rules(new Host().holder(5, 120, 99, 0, 0, 120)));
    assertEquals(List.of(), rules(new Host().holder(5, 1001, 100, 0, 0, 1001)));
  }

  @Test
  void aUnitThatAShellWouldUnderstandIsNoCommand() {
    for (String unit :
        new String[] {
          "/system.slice/a;reboot.service",
          "/system.slice/$(reboot).service",
          "/system.slice/-H.service",
          "/system.slice/x y.service",
          "/system.slice/session-1.scope",
          "/user.slice/user-1000.slice/user@1000.service/app.slice/mine.service"
        }) {
      Host host = new Host().holder(5, 100, 100, 0, 0, 0).group(5, unit);
      assertEquals(List.of(), commands(only(host)), unit);
    }
  }

  @Test
  void timeWaitChurn() {
    Finding finding = only(new Host().timeWait(3000, 2824));
    assertEquals("time_wait_churn", finding.rule());
    assertEquals(
        List.of(
            "2824 of 28232 ports toward 10.0.0.2:443 from 10.0.0.1 are held by TIME_WAIT, 3000"
                + " sockets",
            "0 TIME_WAIT sockets on pool ports in all",
            "tcp_tw_reuse=2, tcp_timestamps=1"),
        finding.evidence());
    assertEquals(List.of("sysctl -w net.ipv4.tcp_tw_reuse=1"), commands(finding));
    assertEquals(List.of(), commands(only(new Host().settings(1, 1).timeWait(3000, 2824))));
    assertEquals(
        "600.0 of them are closed a second, and the pool can sustain 470.5: it runs out within 120 s",
        only(new Host().timeWait(3000, 2824).flow(600, 470.5, 120)).evidence().get(1));
    assertEquals(List.of(), rules(new Host().timeWait(9000, 2823)));
  }

  @Test
  void timestampsThatAreOff() {
    Finding finding = only(new Host().settings(1, 0));
    assertEquals("timestamps", finding.rule());
    assertEquals(List.of("sysctl -w net.ipv4.tcp_timestamps=1"), commands(finding));
    assertEquals(
        List.of("time_wait_churn", "timestamps"),
        rules(new Host().settings(0, 0).timeWait(3000, 3000)));
    assertEquals(List.of(), rules(new Host().settings(-1, -1)));
  }

  @Test
  void conntrack() {
    Finding finding = only(new Host().conntrack(80, 100));
    assertEquals("conntrack", finding.rule());
    assertEquals(Severity.WARNING, finding.severity());
    assertEquals("80 of 100 entries", finding.evidence().getFirst());
    assertEquals(List.of("sysctl -w net.netfilter.nf_conntrack_max=200"), commands(finding));
    assertEquals(Severity.CRITICAL, only(new Host().conntrack(100, 100)).severity());
    assertEquals(List.of(), rules(new Host().conntrack(1000, 0)));
  }

  @Test
  void reservedPortsOutsideTheRange() {
    Finding finding = only(new Host().reserved("8080,33060,61000-61001"));
    assertEquals("reserved_outside", finding.rule());
    assertEquals(Severity.NOTE, finding.severity());
    assertEquals("3 reserved ports outside the ephemeral range", finding.title());
    assertEquals(List.of("ip_local_reserved_ports has 8080,61000-61001"), finding.evidence());
    assertFalse(finding.advice().isEmpty());
  }

  @Test
  void theWorstComesFirst() {
    assertEquals(
        List.of("conntrack", "timestamps", "reserved_outside"),
        rules(new Host().settings(2, 0).conntrack(100, 100).reserved("1")));
  }
}
