package io.github.portpool.source.owner;

import io.github.portpool.source.CommandName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What shows that this host is a node of Kubernetes. */
public final class KubernetesNode {
  private static final Set<String> PROCESSES =
      Set.of("kubelet", "kube-proxy", "k3s-server", "k3s-agent");
  private static final List<String> GROUPS = List.of("kubepods.slice", "kubepods");

  private KubernetesNode() {}

  /** A process or a control group of Kubernetes in a few words, or empty where none is seen. */
  public static Optional<String> sign() {
    for (String group : GROUPS) {
      if (Files.isDirectory(Path.of("/sys/fs/cgroup", group))) {
        return Optional.of("control group /" + group);
      }
    }
    return ProcessHandle.allProcesses()
        .map(process -> (int) process.pid())
        .filter(pid -> CommandName.of(pid).filter(PROCESSES::contains).isPresent())
        .findFirst()
        .map(pid -> "process %s (pid %d)".formatted(CommandName.of(pid).orElse(""), pid));
  }
}
