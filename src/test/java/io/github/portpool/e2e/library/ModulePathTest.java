package io.github.portpool.e2e.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application on the module path. */
@NeedsHost
class ModulePathTest {
  private static final String WATCHES =
      """
      package app;
      public class Main {
        public static void main(String[] arguments) throws Exception {
          var registry = new io.micrometer.core.instrument.simple.SimpleMeterRegistry();
          try (var metrics = new io.github.portpool.export.micrometer.PortPoolMetrics()) {
            metrics.bindTo(registry);
            System.out.println(registry.get("portpool.capacity").gauge().value() > 0);
          }
        }
      }
      """;
  private static final String LOOKS_ONCE =
      """
      package app;
      public class Main {
        public static void main(String[] arguments) throws Exception {
          System.out.println(io.github.portpool.PortPool.sample().range().capacity() > 0);
        }
      }
      """;

  @TempDir private Path directory;

  @Test
  void watchesByMicrometer() throws Exception {
    runs("requires micrometer.core;", WATCHES, Application.MICROMETER);
  }

  @Test
  void looksOnceWithoutAnyLibrary() throws Exception {
    runs("", LOOKS_ONCE, List.of());
  }

  @Test
  void cannotSeeWhatIsInside() throws Exception {
    String inside = "package app; class Main { io.github.portpool.sample.Sampler sampler; }";
    String said = compile("", inside, List.of());
    assertTrue(said.contains("package io.github.portpool.sample is not visible"), said);
  }

  private void runs(String requires, String main, List<String> libraries) throws Exception {
    assertEquals("", compile(requires, main, libraries));
    Outcome outcome =
        Program.run(
            new ProcessBuilder(
                Program.java().toString(),
                "--enable-native-access=io.github.portpool",
                "-p",
                directory + ":" + Application.classPath(libraries),
                "-m",
                "app/app.Main"));
    assertEquals(List.of(), outcome.err());
    assertEquals(List.of("true"), outcome.out());
  }

  private String compile(String requires, String main, List<String> libraries) throws Exception {
    Path module = directory.resolve("module-info.java");
    Path source = directory.resolve("Main.java");
    Files.writeString(module, "module app { requires io.github.portpool; " + requires + " }");
    Files.writeString(source, main);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      compiler
          .getTask(
              said,
              files,
              null,
              List.of(
                  "-Xlint:all,-requires-automatic",
                  "-p",
                  Application.classPath(libraries),
                  "-d",
                  directory.toString()),
              null,
              files.getJavaFileObjects(module, source))
          .call();
    }
    return said.toString();
  }
}
