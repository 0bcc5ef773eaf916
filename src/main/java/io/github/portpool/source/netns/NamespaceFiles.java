package io.github.portpool.source.netns;

import io.github.portpool.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the namespaces of this host can be found: the files under /run/netns that ip-netns(8)
 * makes, and /proc/PID/ns/net.
 */
final class NamespaceFiles {
  private static final Path NAMED = Path.of("/run/netns");
  private static final Path PROCESSES = Path.of("/proc");

  private int hidden;

  /**
   * All namespaces by their inode number, each with a file that stands for it; a named file before
   * that of a process.
   */
  Map<Long, Path> find() throws IOException {
    Map<Long, Path> found = new LinkedHashMap<>();
    hidden = 0;
    long device = (long) Files.getAttribute(Path.of("/proc/thread-self/ns/net"), "unix:dev");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(NAMED)) {
      for (Path file : files) {
        addNamed(found, file, device);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Nobody has named a namespace, or nobody else may see the names: processes show the rest.
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      for (Path process : processes) {
        addProcess(found, process.resolve("ns/net"));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
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

  private void addProcess(Map<Long, Path> found, Path file) {
    try {
      found.putIfAbsent(NetworkNamespace.inode(file), file);
    } catch (AccessDeniedException e) {
      hidden++;
    } catch (IOException e) {
      // The process ended between the listing and the look.
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
