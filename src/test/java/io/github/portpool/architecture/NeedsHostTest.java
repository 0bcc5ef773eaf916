package io.github.portpool.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.NeedsHost;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.oracle.Netns;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code make check} must leave out says so. */
class NeedsHostTest {
  /** What starts programs, makes namespaces, or asks for a package. */
  private static final Set<String> PARTS =
      Set.of(Netns.class.getName(), Needs.class.getName(), Program.class.getName());

  /** The classes of the tests, without what is nested in them, and what each names. */
  private final Map<String, Set<String>> uses = new TreeMap<>();

  @Test
  void whoUsesTheHostIsMarked() throws Exception {
    Path root =
        Path.of(NeedsHostTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        uses.computeIfAbsent(outer(root.relativize(file).toString()), name -> new HashSet<>())
            .addAll(named(file));
      }
    }
    Set<String> users = new TreeSet<>();
    Set<String> marked = new TreeSet<>();
    for (String name : uses.keySet()) {
      if (name.endsWith("Test") && !name.equals(NeedsHostTest.class.getName())) {
        if (usesTheHost(name, new HashSet<>())) {
          users.add(name);
        }
        if (isMarked(Class.forName(name, false, NeedsHostTest.class.getClassLoader()))) {
          marked.add(name);
        }
      }
    }
    assertTrue(users.size() > 30, users::toString);
    users.removeAll(marked);
    assertEquals(
        Set.of(), users, "to be marked with @NeedsHost or @MostlyWaits, or some of their tests");
  }

  private static String outer(String file) {
    return file.replaceFirst("(\\$.*)?(\\.class)?$", "").replace('/', '.');
  }

  private static Set<String> named(Path file) throws IOException {
    Set<String> names = new HashSet<>();
    for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
      if (entry instanceof ClassEntry type) {
        names.add(outer(type.asInternalName()));
      }
    }
    return names;
  }

  /** By itself, or by what it names among the tests. */
  private boolean usesTheHost(String name, Set<String> seen) {
    if (PARTS.contains(name)) {
      return true;
    }
    return seen.add(name)
        && uses.getOrDefault(name, Set.of()).stream().anyMatch(each -> usesTheHost(each, seen));
  }

  private static boolean isMarked(Class<?> type) {
    return type.isAnnotationPresent(NeedsHost.class)
        || type.isAnnotationPresent(MostlyWaits.class)
        || Stream.of(type.getDeclaredMethods())
            .anyMatch(method ->
                method.isAnnotationPresent(NeedsHost.class)
                    || method.isAnnotationPresent(MostlyWaits.class));
  }
}
