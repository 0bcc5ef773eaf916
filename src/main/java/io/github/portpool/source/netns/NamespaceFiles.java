package io.github.portpool.source.netns;

import io.github.portpool.linux.Descriptors;
import io.github.portpool.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the namespaces of this host can be found: the files under /run/netns that ip-netns(8)
 * makes, those that are mounted elsewhere, and /proc/PID/ns/net; and, for who looks thoroughly,
 * what threads, descriptors and the mounts of other mount namespaces keep alive.
 */
final class NamespaceFiles {
  private static final Path NAMED = Path.of("/run/netns");
  private static final Path PROCESSES = Path.of("/proc");

  // 52 25 0:4 net:[4026532251] /run/docker/netns/x rw shared:9 - nsfs nsfs rw
  private static final Pattern MOUNT =
      Pattern.compile("\\S+ \\S+ \\S+ net:\\[(\\d{1,18})] (\\S+) .*");

  private int hidden;

  /**
   * All namespaces by their inode number, each with a file that stands for it; a named file before
   * that of a process.
   *
   * @param thoroughly whether to look where only few namespaces are
   */
  Map<Long, Path> find(boolean thoroughly) throws IOException {
    Map<Long, Path> found = named();
    hidden = 0;
    Set<Long> mounts = new HashSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      for (Path process : processes) {
        if (!add(found, process.resolve("ns/net"))) {
          addThreads(found, process);
        } else if (thoroughly) {
          addThreads(found, process);
          if (mounts.add(inode(process.resolve("ns/mnt")))) {
            addMounted(found, process.resolve("mountinfo"), process.resolve("root").toString());
          }
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    addMounted(found, Path.of("/proc/self/mountinfo"), "");
    if (thoroughly) {
      addDescriptors(found);
    }
    return found;
  }

  /** Those under /run/netns. */
  Map<Long, Path> named() throws IOException {
    Map<Long, Path> found = new LinkedHashMap<>();
    long device = (long) Files.getAttribute(Path.of("/proc/thread-self/ns/net"), "unix:dev");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(NAMED)) {
      for (Path file : files) {
        addNamed(found, file, device);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Nobody has named a namespace, or nobody else may see the names: processes show the rest.
    }
    return found;
  }

  /** A file that ip-netns(8) could not remove is left behind as a plain file. */
  private static void addNamed(Map<Long, Path> found, Path file, long device) {
    try {
      if ((long) Files.getAttribute(file, "unix:dev") == device) {
        found.putIfAbsent(NetworkNamespace.inode(file), file);
      }
    } catch (IOException e) {
      // It went between the listing and the look.
    }
  }

  /** Returns false for a thread that has ended, whose process may go on without it. */
  private boolean add(Map<Long, Path> found, Path file) {
    try {
      found.putIfAbsent(NetworkNamespace.inode(file), file);
    } catch (AccessDeniedException e) {
      hidden++;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      // The process ended between the listing and the look.
    }
    return true;
  }

  private void addThreads(Map<Long, Path> found, Path process) {
    int before = hidden;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(process.resolve("task"))) {
      for (Path thread : threads) {
        if (!thread.getFileName().equals(process.getFileName())) {
          add(found, thread.resolve("ns/net"));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // It ended meanwhile.
    }
    hidden = Math.min(hidden, before + 1); // they are one process
  }

  private static long inode(Path file) {
    try {
      return NetworkNamespace.inode(file);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Those that are mounted, as seen from the root directory of who has the mounts. */
  private static void addMounted(Map<Long, Path> found, Path mountinfo, String root) {
    try (Stream<String> lines = Files.lines(mountinfo, StandardCharsets.ISO_8859_1)) {
      lines
          .filter(line -> line.contains(" - nsfs "))
          .map(MOUNT::matcher)
          .filter(Matcher::matches)
          .forEach(mount -> {
            Path file = Path.of(root + mount.group(2).replace("\\040", " "));
            if (inode(file) == Long.parseLong(mount.group(1))) {
              found.putIfAbsent(inode(file), file);
            }
          });
    } catch (IOException | RuntimeException e) {
      // It ended meanwhile, or is hidden.
    }
  }

  private static void addDescriptors(Map<Long, Path> found) {
    try (Descriptors namespaces = new Descriptors("net")) {
      namespaces.walkAll(
          _ -> true,
          (_, task, fd, inode) -> {
            found.putIfAbsent(inode, Path.of("/proc/" + task + "/fd/" + fd));
            return true;
          });
    }
  }

  /** The number of processes whose namespace could not be seen when it last looked. */
  int hidden() {
    return hidden;
  }

  /** The name that a file under /run/netns gives its namespace, or empty for another file. */
  static String name(Path file) {
    return NAMED.equals(file.getParent()) ? file.getFileName().toString() : "";
  }
}
