package io.github.portpool.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlGroupTest {
  private static final String HEX =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  private static final String UID = "6f0b5a3c-1d2e-4f56-8a9b-0c1d2e3f4a5b";
  private static final String SLICE_UID = UID.replace('-', '_');

  /** In the paths, HEX, UID and SLICE_UID stand for such. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          /, '', '', ''
          /system.slice, '', '', ''
          /system.slice/nginx.service, nginx.service, '', ''
          /system.slice/system-getty.slice/getty@tty1.service, getty@tty1.service, '', ''
          /system.slice/a\\x2db.service, a\\x2db.service, '', ''
          /system.slice/nginx.service/worker, nginx.service, '', ''
          /system.slice/docker.socket, docker.socket, '', ''
          /system.slice/var-lib.mount, var-lib.mount, '', ''
          /system.slice/swapfile.swap, swapfile.swap, '', ''
          /init.scope, init.scope, '', ''
          /user.slice/user-1000.slice/session-4.scope, session-4.scope, '', ''
          /user.slice/user-1000.slice/user@1000.service/app.slice/app-firefox.scope, app-firefox.scope, '', ''
          /.service, '', '', ''
          /docker/HEX, '', 0123456789ab, ''
          /docker/HEX/system.slice/nginx.service, '', 0123456789ab, ''
          /docker/0123, '', '', ''
          /HEX, '', '', ''
          /system.slice/docker-HEX.scope, '', 0123456789ab, ''
          /system.slice/docker-HEX.scope/init.scope, '', 0123456789ab, ''
          /system.slice/docker-0123.scope, docker-0123.scope, '', ''
          /system.slice/run.service/docker-HEX.scope, run.service, 0123456789ab, ''
          /machine.slice/libpod-HEX.scope, '', 0123456789ab, ''
          /machine.slice/libpod-HEX.scope/container, '', 0123456789ab, ''
          /machine.slice/libpod-conmon-HEX.scope, libpod-conmon-HEX.scope, '', ''
          /libpod_parent/libpod-HEX, '', 0123456789ab, ''
          /system.slice/web.service/libpod-payload-HEX, web.service, 0123456789ab, ''
          /user.slice/user-1000.slice/user@1000.service/user.slice/libpod-HEX.scope/container, user@1000.service, 0123456789ab, ''
          /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podSLICE_UID.slice/cri-containerd-HEX.scope, '', 0123456789ab, UID
          /kubepods.slice/kubepods-podSLICE_UID.slice/crio-HEX.scope, '', 0123456789ab, UID
          /kubepods.slice/kubepods-podSLICE_UID.slice/crio-HEX.scope/container, '', 0123456789ab, UID
          /kubepods.slice/kubepods-podSLICE_UID.slice/crio-conmon-HEX.scope, crio-conmon-HEX.scope, '', UID
          /kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podSLICE_UID.slice, '', '', UID
          /kubepods/burstable/podUID/HEX, '', 0123456789ab, UID
          /kubepods/podUID/HEX, '', 0123456789ab, UID
          /kubepods/besteffort/pod0123456789abcdef0123456789abcdef/HEX, '', 0123456789ab, 0123456789abcdef0123456789abcdef
          /kubepods/burstable/podX/HEX, '', 0123456789ab, ''
          /podUID/HEX, '', '', ''
          /docker/HEX/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-podSLICE_UID.slice/cri-containerd-fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210.scope, '', fedcba987654, UID
          /lxc.payload.web, '', web, ''
          /lxc.payload.web/system.slice/nginx.service, '', web, ''
          /lxc.monitor.web, '', '', ''
          /machine.slice/machine-web.scope, machine-web.scope, '', ''
          /machine.slice/machine-web.scope/payload/system.slice/nginx.service, machine-web.scope, '', ''
          /machine.slice/systemd-nspawn@web.service/payload/nginx.service, systemd-nspawn@web.service, '', ''
          """)
  void namesUnitContainerAndPod(String path, String unit, String container, String pod) {
    assertEquals(
        new ControlGroup(
            Printable.of(filled(path), 256), filled(unit), filled(container), filled(pod)),
        ControlGroup.of(filled(path)));
  }

  private static String filled(String text) {
    return text.replace("SLICE_UID", SLICE_UID).replace("UID", UID).replace("HEX", HEX);
  }

  @Test
  void hostileNamesAreShownOnOneLine() {
    ControlGroup group = ControlGroup.of("/a\nb\u0000\u007f\u009b\\x2d\"/\t.service");
    assertEquals("/a\\u000ab\\u0000\\u007f\\u009b\\x2d\"/\\u0009.service", group.path());
    assertEquals("\\u0009.service", group.unit());
  }

  @Test
  void longNamesAreCut() {
    assertEquals("/" + "x".repeat(255), ControlGroup.of("/" + "x".repeat(255)).path());
    assertEquals("/" + "x".repeat(254) + "…", ControlGroup.of("/" + "x".repeat(256)).path());
    assertEquals("/" + "\\u0001".repeat(42) + "…", ControlGroup.of("/" + "\1".repeat(300)).path());
    String pairs = ControlGroup.of("/" + "\ud83d\ude00".repeat(200)).path();
    assertEquals("/" + "\ud83d\ude00".repeat(127) + "…", pairs);
    ControlGroup deep = ControlGroup.of("/" + "\1".repeat(5000) + ".service");
    assertEquals("\\u0001".repeat(42) + "…", deep.unit());
    assertTrue(ControlGroup.of("/lxc.payload." + "y".repeat(300)).container().length() <= 256);
    assertTrue(ControlGroup.of("/a".repeat(2000)).path().length() <= 256);
  }

  @Test
  void whatIsNoPathIsNoGroupOfAnything() {
    assertEquals(new ControlGroup("", "", "", ""), ControlGroup.of(""));
    assertEquals(new ControlGroup("///", "", "", ""), ControlGroup.of("///"));
  }
}
