package io.github.portpool.source.owner;

import io.github.portpool.linux.NetworkNamespace;
import io.github.portpool.source.CommandName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What shows that this host is a node of Kubernetes. */
public final class KubernetesNode {
  private static final Set<String> PROCESSES =
      Set.of("kubelet", "kube-proxy", "k3s-server", "k3s-agent", "kubelite");
  private static final List<String> GROUPS = List.of("kubepods.slice", "kubepods");

  private static final int INIT = 1;

  private KubernetesNode() {}

  /**
   * A process or a control group of Kubernetes in a few words, or empty where none is seen that
   * belongs to the network namespace of this thread: the node ports are those of the node's.
   */
  public static Optional<String> sign() {
    for (String group : GROUPS) {
      if (!isElsewhere(INIT) && Files.isDirectory(Path.of("/sys/fs/cgroup", group))) {
        return Optional.of("control group /" + group);
      }
    }
    return ProcessHandle.allProcesses()
        .map(process -> (int) process.pid())
        .filter(pid -> CommandName.of(pid).filter(PROCESSES::contains).isPresent())
        .filter(pid -> !isElsewhere(pid))
        .findFirst()
        .map(pid -> "process " + CommandName.of(pid).orElse("") + " (pid " + pid + ")");
  }

  /** Whether a process is known to be in another network namespace; without rights it is not. */
  private static boolean isElsewhere(int pid) {
    try {
      return NetworkNamespace.inode(Path.of("/proc/" + pid + "/ns/net"))
          != NetworkNamespace.currentInode();
    } catch (IOException e) {
      return false;
    }
  }
}
