package io.github.portpool.architecture;

import io.github.portpool.PortPool;
import io.github.portpool.e2e.Golden;
import io.github.portpool.export.micrometer.PortPoolMetrics;
import io.github.portpool.snapshot.Snapshot;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * What applications can call, as it was reviewed: a change there is a change for them. Records may
 * grow, so their constructors are not promised, as the package's documentation says.
 */
class PublicApiTest {
  private static final Set<String> EXPORTED =
      Stream.of(PortPool.class, PortPoolMetrics.class, Snapshot.class)
          .map(Class::getPackageName)
          .collect(Collectors.toCollection(TreeSet::new));

  @Test
  void isAsItWasReviewed() throws Exception {
    StringBuilder api = new StringBuilder();
    for (Class<?> type : types()) {
      api.append(type.toGenericString()).append('\n');
      members(type).forEach(member -> api.append("  ").append(simple(member)).append('\n'));
    }
    Golden.assertText("api.txt", api.toString());
  }

  @Test
  void nothingElseIsExported() throws Exception {
    Set<String> exported =
        ModuleFinder.of(classes())
            .find("io.github.portpool")
            .orElseThrow()
            .descriptor()
            .exports()
            .stream()
            .map(export -> export.source())
            .collect(Collectors.toCollection(TreeSet::new));
    Assertions.assertEquals(EXPORTED, exported);
  }

  /** Without the packages, which are those of the API and the JDK's. */
  private static String simple(String signature) {
    return signature.replaceAll("\\b(?:[a-z]+\\.)+(?=[A-Z])", "");
  }

  private static List<Class<?>> types() throws Exception {
    List<Class<?>> types = new ArrayList<>();
    for (String exported : EXPORTED) {
      for (String name : names(classes().resolve(exported.replace('.', '/')))) {
        Class<?> type = Class.forName(exported + "." + name);
        if (isApi(type.getModifiers()) && !type.isSynthetic()) {
          types.add(type);
        }
      }
    }
    return types;
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .sorted()
          .toList();
    }
  }

  private static List<String> members(Class<?> type) {
    Stream<Field> fields = Arrays.stream(type.getDeclaredFields());
    Stream<Constructor<?>> constructors =
        type.isRecord() ? Stream.of() : Arrays.stream(type.getDeclaredConstructors());
    Stream<Method> methods = Arrays.stream(type.getDeclaredMethods());
    return Stream.of(
            fields.filter(PublicApiTest::isApi).map(Field::toGenericString),
            constructors.filter(PublicApiTest::isApi).map(Executable::toGenericString),
            methods.filter(PublicApiTest::isApi).map(Executable::toGenericString))
        .flatMap(Stream::sorted)
        .toList();
  }

  private static boolean isApi(Member member) {
    return isApi(member.getModifiers()) && !member.isSynthetic();
  }

  private static boolean isApi(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static Path classes() throws Exception {
    URI location = PortPool.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    return Path.of(location);
  }
}
