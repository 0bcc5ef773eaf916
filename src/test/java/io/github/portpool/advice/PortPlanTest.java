package io.github.portpool.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Needs;
import io.github.portpool.oracle.Netns;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.sockdiag.KernelChannel;
import io.github.portpool.source.sockdiag.KernelSettings;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.table.PortSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who obeys the plan has nothing left to obey, whatever there was. */
class PortPlanTest {
  private static final String SYSTEMD_SYSCTL = "/usr/lib/systemd/systemd-sysctl";

  /** The rules whose commands are the plan. */
  private static final List<String> PLANNED =
      List.of("small_range", "empty_pool", "unreserved_listeners", "node_ports");

  private static List<Finding> planned(HostFacts facts) {
    return Doctor.judge(facts).findings().stream()
        .filter(finding -> PLANNED.contains(finding.rule()))
        .filter(finding -> !finding.fixes().isEmpty())
        .toList();
  }

  /** The host after the commands. */
  private static Host obeyed(Host host) {
    PortPlan plan = host.facts().plan();
    return host.range(plan.first(), plan.last()).reserved(plan.reserved().toString());
  }

  @Test
  void thePlanIsAFixedPoint() {
    Random random = new Random(7);
    int commands = 0;
    for (int i = 0; i < 300; i++) {
      Host host = host(random);
      String before = Doctor.judge(host.facts()).toString();
      List<Finding> findings = planned(host.facts());
      commands += findings.size();
      findings.forEach(each -> assertEquals(findings.getFirst().fixes(), each.fixes(), before));
      assertEquals(List.of(), planned(obeyed(host).facts()), before);
      assertTrue(host.facts().range().first() >= host.facts().limits().lowestPort(), before);
    }
    assertTrue(commands > 200, "commands: " + commands);
  }

  private static Host host(Random random) {
    int lowest = random.nextInt(4) == 0 ? random.nextInt(50_000) : 1024;
    int first = Math.max(lowest, 1024 + random.nextInt(60_000));
    int last = first + random.nextInt(65_536 - first);
    Host host = new Host().limits(lowest, true).range(first, last);
    if (random.nextInt(3) == 0) {
      host.kubernetes("a sign");
    }
    if (random.nextInt(2) == 0) {
      int from = random.nextInt(60_000);
      host.reserved(from + "-" + Math.min(65_535, from + random.nextInt(40_000)));
    }
    int step = 1 + random.nextInt(3);
    int start = random.nextInt(60_000);
    int count = random.nextInt(900);
    IntStream.range(0, count)
        .map(i -> start + i * step)
        .filter(port -> port <= PortSet.LAST)
        .forEach(port -> host.listener(Protocol.TCP, port, port, 1));
    return host;
  }

  @Test
  void aListIsSetInPartsThatTheKernelTakes() {
    PortSet odd = new PortSet();
    IntStream.range(0, 10_000).forEach(i -> odd.add(20_001 + 2 * i));
    List<Fix> fixes = ReservedPorts.fixes(odd);
    assertEquals(16, fixes.size());
    assertTrue(fixes.stream().allMatch(fix -> fix.command().length() < 4096 + 120));
    assertEquals(1, ReservedPorts.fixes(PortSet.parse("1,3-5")).size());
  }

  /** Debian's systemd-sysctl, at boot, goes on until the whole list is written. */
  @Test
  @MostlyWaits
  void aLongListIsKeptOverAReboot(@TempDir Path directory) throws Exception {
    Needs.program(SYSTEMD_SYSCTL, "systemd");
    PortSet odd = new PortSet();
    IntStream.range(0, 10_000).forEach(i -> odd.add(20_001 + 2 * i));
    Path file = directory.resolve("kept.conf");
    Netns netns = Netns.create();
    try {
      for (Fix fix : ReservedPorts.fixes(odd)) {
        netns.run("sh", "-c", fix.lasting().replace(Fix.FILE, file.toString()));
      }
      netns.run(SYSTEMD_SYSCTL, file.toString());
      KernelChannel kernel = netns.call(SockDiagSource::kernel);
      try (kernel) {
        assertEquals(odd, netns.call(() -> new KernelSettings(kernel).reserved()));
      }
    } finally {
      netns.close();
    }
  }

  @Test
  void whereNoRangeHasRoomNothingIsCommanded() {
    Host host = new Host().reserved("1024-60000").listener(Protocol.TCP, 60_500, 1, 1);
    assertEquals(List.of(), planned(host.facts()));
    List<String> rules = Doctor.judge(host.facts()).findings().stream().map(Finding::rule).toList();
    assertTrue(rules.contains("small_range") && rules.contains("unreserved_listeners"));
  }

  @Test
  void theHostThatBeganOtherNamespacesAloneKeepsSettings() {
    Host host = new Host().range(50_000, 50_099).conntrack(100, 100);
    assertTrue(fixes(host).stream().noneMatch(fix -> fix.lasting().isEmpty()));
    List<Fix> inside = fixes(host.limits(1024, false));
    assertTrue(inside.stream().allMatch(fix -> fix.lasting().isEmpty()), inside.toString());
    assertTrue(
        inside.stream().noneMatch(fix -> fix.command().contains("conntrack")), inside.toString());
    assertEquals(1, inside.size());
  }

  private static List<Fix> fixes(Host host) {
    return Doctor.judge(host.facts()).findings().stream()
        .flatMap(finding -> finding.fixes().stream())
        .toList();
  }
}
