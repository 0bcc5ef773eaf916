package io.github.portpool.source.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class MountedGroupsTest {
  @Test
  void findsCgroup2AmongOtherMounts() {
    String mountinfo =
        """
        23 1 254:0 / / rw,relatime - ext4 /dev/vda rw
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:9 master:1 - cgroup2 cgroup2 rw
        42 31 0:39 /../a /mnt/cgroup2\\040-\\040\\134\\303\\244 rw - cgroup2 none rw
        43 31 0:40 / /cgroup2 rw - tmpfs cgroup2 rw

        44 31 - cgroup2
        nonsense - cgroup2 x
        """;
    assertEquals(
        List.of("/sys/fs/cgroup/unified", "/mnt/cgroup2 - \\\u00c3\u00a4", ""),
        MountedGroups.of(mountinfo.lines()));
  }
}
