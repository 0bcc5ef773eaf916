package io.github.portpool.source.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.portpool.source.SourceException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceNamesTest {
  private static final String ID = "0123456789abcdef".repeat(4);
  private static final String POD = "12345678-1234-1234-1234-123456789abc";

  @Test
  void aFileUnderRunNetnsGivesItsName() {
    assertEquals("blue", name("/run/netns/blue", List.of("host")));
    assertEquals("4026532000", name("/run/netns/blue", List.of("blue")), "the name is taken");
    assertEquals("4026532000", name("/run/netns/host", List.of("host")));
    assertEquals("4026532000", name("/run/netns/" + "x".repeat(129), List.of()));
    assertEquals("4026532000", name("/run/netns/a\nb", List.of()));
    assertEquals("4026532000", name("/run/netns/4026532001", List.of()), "another's number");
  }

  private static String name(String file, List<String> taken) {
    return NamespaceNames.name(Path.of(file), 4026532000L, taken);
  }

  @Test
  void aProcessThatHasGoneLeavesTheNumber() {
    assertEquals("4026532000", name("/proc/4194305/ns/net", List.of()));
  }

  @Test
  void podsComeBeforeContainersAndTheyBeforeNothing() {
    String pod = "kubepods-burstable-pod" + POD.replace('-', '_') + ".slice";
    assertEquals(
        POD,
        NamespaceNames.fromControlGroups(
            "0::/kubepods.slice/" + pod + "/cri-containerd-" + ID + ".scope\n"));
    assertEquals(
        "0123456789ab",
        NamespaceNames.fromControlGroups("12:pids:/\n1:name=systemd:/docker/" + ID + "\n0::/\n"));
    assertEquals("", NamespaceNames.fromControlGroups("0::/system.slice/web.service\n"));
    assertEquals("", NamespaceNames.fromControlGroups("nonsense"));
  }

  @Test
  void sockstatBoundsTheSockets() throws Exception {
    assertEquals(
        8 + 7,
        OpenNamespace.sockets(
            "sockets: used 8\nTCP: inuse 1 orphan 0 tw 7 alloc 1 mem 29\nUDP: inuse 0 mem 0\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sockets: used 8\n", "sockets: used x\nTCP: inuse 1 tw 7 alloc 1\n"})
  void anotherTextIsAnError(String text) {
    assertThrows(SourceException.class, () -> OpenNamespace.sockets(text));
  }
}
