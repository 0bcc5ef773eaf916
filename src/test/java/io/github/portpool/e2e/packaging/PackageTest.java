package io.github.portpool.e2e.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of the Debian package and of its service, with a real dpkg and a real systemd. */
@MostlyWaits
@Order(1)
@ResourceLock("the one container") // its tests follow one another
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PackageTest {
  /** Of this machine, as Debian calls it; others' packages may lie beside its own. */
  static final String ARCHITECTURE =
      System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "amd64";

  private static final String CONFIG = "/etc/portpool/portpool.conf";
  private static final String DROP_IN = "/etc/systemd/system/portpool.service.d/test.conf";

  /** Whatever a sample costs while others fill the host's table of sockets. */
  private static final String EACH_SECOND = "\nsample.interval = 1s\nsample.cpu-budget = 100%\n";

  private SystemdContainer container;

  @BeforeAll
  void boot() throws Exception {
    Path built = built();
    container = SystemdContainer.boot();
    container.copy(built);
    install(built.getFileName().toString());
  }

  /** The Debian package; skips the test where there is none. */
  static Path built() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      List<Path> packages =
          files.filter(file -> file.toString().endsWith("_" + ARCHITECTURE + ".deb")).toList();
      Assumptions.assumeFalse(packages.isEmpty(), "there is no package: run make package");
      return packages.getFirst();
    }
  }

  @AfterAll
  void end() throws Exception {
    if (container != null) {
      container.end();
    }
  }

  private void install(String file) throws Exception {
    container.run("dpkg", "--force-confdef", "--force-confold", "-i", "/root/" + file);
  }

  private String property(String name) throws Exception {
    return container.run("systemctl", "show", "--value", "-p", name, "portpool");
  }

  private String metrics() throws Exception {
    return container.run("curl", "-s", "localhost:10696/metrics");
  }

  private String log() throws Exception {
    return container.run("journalctl", "-u", "portpool", "-o", "cat", "--no-pager");
  }

  @Test
  @Order(1)
  void isReadyWhenInstalled() throws Exception {
    assertEquals("active", property("ActiveState"));
    assertEquals("0", property("NRestarts"));
    assertEquals("portpool is ready.", container.run("curl", "-s", "localhost:10696/-/ready"));
    assertTrue(property("StatusText").matches(".* tcp \\d+ of 28232, .*"), property("StatusText"));
    assertEquals("enabled", container.run("systemctl", "is-enabled", "portpool"));
    assertNotEquals("root", container.run("ps", "-o", "user=", "-p", property("MainPID")));
    assertFalse(log().contains("WARNING"), log());
  }

  @Test
  @Order(2)
  void commandsWorkWithoutAnotherJava() throws Exception {
    assertTrue(container.run("portpool", "--version").startsWith("portpool, version "));
    assertTrue(container.run("portpool", "who", "10696").contains("java"));
    for (String completion :
        List.of(
            "bash-completion/completions/portpool",
            "fish/vendor_completions.d/portpool.fish",
            "zsh/vendor-completions/_portpool")) {
      assertTrue(container.run("cat", "/usr/share/" + completion).contains("what-if"), completion);
    }
  }

  @Test
  @Order(2)
  void everyUsersCheckAsksTheService() throws Exception {
    String[] nobodys = {
      "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "portpool", "check"
    };
    assertTrue(container.run(nobodys).startsWith("PORTPOOL OK - "));
    assertTrue(
        container
            .run(
                "curl", "-s", "--unix-socket", "/run/portpool/agent.sock", "localhost/api/v1/check")
            .startsWith("PORTPOOL OK - "));
  }

  @Test
  @Order(3)
  void unitIsSoundAndSafe() throws Exception {
    assertEquals("", container.run("systemd-analyze", "verify", "--man=no", "portpool.service"));
    container.run("systemd-analyze", "security", "--threshold=15", "portpool.service");
  }

  @ParameterizedTest
  @Order(4)
  @CsvSource({
    "processes, processes, 22",
    "namespaces, namespaces, 25",
    "failures, connect_failures, 22",
    "exact, exact_blocked, 22"
  })
  void dropInMakesFeatureAvailable(String dropIn, String feature, int threshold) throws Exception {
    String place = "/etc/systemd/system/portpool.service.d/" + dropIn + ".conf";
    assertTrue(metrics().contains("portpool_feature_available{feature=\"" + feature + "\"} 0.0"));
    container.run("mkdir", "-p", "/etc/systemd/system/portpool.service.d");
    container.run("cp", "/usr/share/doc/portpool/examples/" + dropIn + ".conf", place);
    restart();
    assertTrue(
        metrics().contains("portpool_feature_available{feature=\"" + feature + "\"} 1.0"), log());
    container.run("systemd-analyze", "security", "--threshold=" + threshold, "portpool.service");
    container.run("rm", place);
    restart();
  }

  private void restart() throws Exception {
    container.run("systemctl", "daemon-reload");
    container.run("systemctl", "restart", "portpool");
  }

  @Test
  @Order(5)
  void reloadChangesWhatRuns() throws Exception {
    String before = container.run("cat", CONFIG);
    String pid = property("MainPID");
    container.write(CONFIG, before + EACH_SECOND);
    container.run("systemctl", "reload", "portpool");
    Await.until(
        "it samples as before", () -> metrics().contains("portpool_sample_interval_seconds 1.0"));
    container.write(CONFIG, before + "\nsample.intervall = 2s\n");
    assertFalse(container.attempt("systemctl", "reload", "portpool").startsWith("0\n"));
    Await.until("it says so", () -> log().contains("sample.intervall, which no option"));
    assertEquals("active", property("ActiveState"));
    container.write(CONFIG, before + EACH_SECOND + "web.listen-address = :10697\n");
    container.run("systemctl", "reload", "portpool");
    Await.until(
        "it says so", () -> log().contains("takes a restart to change: web.listen-address"));
    assertTrue(metrics().contains("portpool_sample_interval_seconds 1.0"));
    container.write(CONFIG, before);
    container.run("systemctl", "reload", "portpool");
    assertEquals(pid, property("MainPID"));
  }

  @Test
  @Order(6)
  void servesByTlsWithKeysOfAGroup(@TempDir Path folder) throws Exception {
    new Certificates(folder).server("server", 30);
    container.run("groupadd", "--system", "ssl-cert");
    container.run("mkdir", "-p", "/etc/portpool/tls", "/etc/systemd/system/portpool.service.d");
    for (String file : List.of("server.crt", "server.key", "ca.crt")) {
      container.write("/etc/portpool/tls/" + file, Files.readString(folder.resolve(file)));
    }
    container.run("chgrp", "-R", "ssl-cert", "/etc/portpool/tls");
    container.run("chmod", "640", "/etc/portpool/tls/server.key");
    container.write(
        "/etc/portpool/web.yml",
        "tls_server_config: {cert_file: tls/server.crt, key_file: tls/server.key}\n");
    String place = "/etc/systemd/system/portpool.service.d/certificates.conf";
    container.run("cp", "/usr/share/doc/portpool/examples/certificates.conf", place);
    String before = container.run("cat", CONFIG);
    container.write(CONFIG, before + "\nweb.config.file = /etc/portpool/web.yml\n");
    restart();
    String ready =
        container.run(
            "curl",
            "-s",
            "--cacert",
            "/etc/portpool/tls/ca.crt",
            "https://localhost:10696/-/ready");
    assertEquals("portpool is ready.", ready);
    container.run("systemd-analyze", "security", "--threshold=15", "portpool.service");
    container.write(CONFIG, before);
    container.run("rm", "-r", place, "/etc/portpool/web.yml", "/etc/portpool/tls");
    restart();
  }

  /** Those of root alone reach the agent by systemd; a folder that others read has no secrets. */
  @Test
  @Order(6)
  void servesWithSecretsThatOnlyRootMayRead(@TempDir Path folder) throws Exception {
    assertEquals("640 root _portpool", container.run("stat", "-c", "%a %U %G", CONFIG));
    new Certificates(folder).server("server", 30);
    for (String file : List.of("crt", "key")) {
      container.write(
          "/etc/portpool/tls." + file, Files.readString(folder.resolve("server." + file)));
    }
    container.write(
        "/etc/portpool/web.yml", "tls_server_config: {cert_file: tls.crt, key_file: tls.key}\n");
    container.run("sh", "-c", "chmod 600 /etc/portpool/tls.* /etc/portpool/web.yml");
    container.run("mkdir", "-p", "/etc/systemd/system/portpool.service.d");
    String place = "/etc/systemd/system/portpool.service.d/credentials.conf";
    container.run("cp", "/usr/share/doc/portpool/examples/credentials.conf", place);
    restart();
    assertEquals(
        "portpool is ready.", container.run("curl", "-sk", "https://localhost:10696/-/ready"));
    container.run("systemctl", "reload", "portpool");
    container.run("systemd-analyze", "security", "--threshold=15", "portpool.service");
    container.run("sh", "-c", "rm /etc/portpool/tls.* /etc/portpool/web.yml " + place);
    restart();
  }

  /** It forgets to close 150 connections, once. */
  private static final String LEAK =
      """
      use Socket;
      if (!-e '/run/leaked') {
        open(my $once, '>', '/run/leaked');
        socket(my $l, PF_INET, SOCK_STREAM, 0);
        bind($l, sockaddr_in(0, INADDR_LOOPBACK));
        listen($l, 200);
        for (1 .. 150) {
          socket($kept[$_], PF_INET, SOCK_STREAM, 0);
          connect($kept[$_], getsockname($l)) or die;
          accept(my $peer, $l);
          close $peer;
        }
      }
      sleep;
      """;

  @Test
  @Order(6)
  void restartOfALeakingServiceAsDoctorPrintsItCures() throws Exception {
    Assumptions.assumeTrue(container.hasControlGroups(), "cgroup v2 is not mounted");
    container.showControlGroups("/mnt");
    container.write("/root/leak.pl", LEAK);
    container.run("systemd-run", "--unit=leak", "perl", "/root/leak.pl");
    Await.until("it leaks", () -> leaking() == 150);
    String doctor = container.attempt("portpool", "doctor").substring(2);
    assertTrue(doctor.contains("150 connections are in CLOSE_WAIT"), doctor);
    List<String> commands =
        doctor.lines().map(String::strip).filter(it -> it.startsWith("systemctl ")).toList();
    assertEquals(List.of("systemctl restart leak.service"), commands, doctor);
    container.run("sh", "-c", commands.getFirst());
    assertEquals(0, leaking());
    assertFalse(container.attempt("portpool", "doctor").contains("CLOSE_WAIT"));
    container.run("systemctl", "stop", "leak");
  }

  private long leaking() throws Exception {
    return container.run("ss", "-Htan", "state", "close-wait").lines().count();
  }

  @Test
  @Order(6)
  void watchdogEndsWhatIsStuckAndNotWhatIsSlow() throws Exception {
    container.write(
        DROP_IN,
        "[Service]\nWatchdogSec=4\nRestartSec=100ms\nEnvironment=PORTPOOL_SAMPLE_INTERVAL=10m\n");
    restart();
    String pid = property("MainPID");
    signal("STOP");
    Thread.sleep(1500);
    signal("CONT");
    Thread.sleep(6000); // longer than the watchdog waits, and no sample meanwhile
    assertEquals(pid, property("MainPID"));
    signal("STOP");
    Await.until("a stuck agent is restarted", () -> runsWithoutBeing(pid));
    assertTrue(log().contains("Watchdog timeout"), log());
  }

  /** By the name of the service: kill(1) with a MainPID of 0 would end the tests themselves. */
  private void signal(String name) throws Exception {
    container.run("systemctl", "kill", "--kill-who=main", "--signal=" + name, "portpool");
  }

  /** In one question, for between two the service may change. */
  private boolean runsWithoutBeing(String pid) throws Exception {
    String state = container.run("systemctl", "show", "-p", "ActiveState,MainPID", "portpool");
    return state.contains("ActiveState=active")
        && !state.matches("(?ms).*^MainPID=(0|" + pid + ")$.*");
  }

  @Test
  @Order(7)
  void comesBackAfterACrash() throws Exception {
    String pid = property("MainPID");
    signal("KILL");
    Await.until("it comes back", () -> runsWithoutBeing(pid));
    container.run("rm", DROP_IN);
    restart();
  }

  @Test
  @Order(8)
  void anotherVersionKeepsWhatTheAdminChanged() throws Exception {
    String mine = container.run("cat", CONFIG) + "\n# mine\n";
    container.write(CONFIG, mine);
    String old = built().getFileName().toString();
    for (String version : List.of("0.2.0", "0.0.9")) {
      String file = repacked(old, version);
      String pid = property("MainPID");
      install(file);
      assertEquals(version, container.run("dpkg-query", "-W", "-f=${Version}", "portpool"));
      assertEquals("active", property("ActiveState"));
      assertNotEquals(pid, property("MainPID"));
      assertEquals(mine.strip(), container.run("cat", CONFIG));
    }
  }

  private String repacked(String old, String version) throws Exception {
    String file = "portpool_" + version + ".deb";
    container.run(
        "sh",
        "-c",
        "cd /root && rm -rf p && dpkg-deb -R %s p && sed -i 's/^Version: .*/Version: %s/' p/DEBIAN/control && dpkg-deb -Znone -b p %s && rm -r p"
            .formatted(old, version, file));
    return file;
  }

  @Test
  @Order(9)
  void removeKeepsConfigurationAndPurgeDoesNot() throws Exception {
    container.run("dpkg", "-r", "portpool");
    assertTrue(container.attempt("systemctl", "is-active", "portpool").contains("inactive"));
    assertTrue(container.run("cat", CONFIG).contains("# mine"));
    assertTrue(container.attempt("test", "-e", "/usr/lib/portpool").startsWith("1\n"));
    container.run("dpkg", "-P", "portpool");
    assertTrue(container.attempt("test", "-e", "/etc/portpool").startsWith("1\n"));
    assertEquals(
        "",
        container.run(
            "sh",
            "-c",
            "find /etc /usr /lib /var/lib/systemd -name '*portpool*' | grep -v /dpkg/ || :"));
  }
}
