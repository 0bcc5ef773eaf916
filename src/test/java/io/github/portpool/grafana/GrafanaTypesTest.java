package io.github.portpool.grafana;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboards by the types that Grafana itself is written with, where node is there. */
@MostlyWaits
class GrafanaTypesTest {
  private static final List<String> PANELS =
      List.of("stat", "timeseries", "bargauge", "table", "text");
  private static final List<String> PANELS_WITH_FIELDS = List.of("timeseries", "table");

  /** What an annotation has of its data source, for which there is no type. */
  private static final List<String> ANNOTATION_OF_PROMETHEUS =
      List.of("expr", "step", "tagKeys", "textFormat", "titleFormat", "useValueForTime");

  private static final String TYPES = "./node_modules/@grafana/schema/dist/types/raw/";

  @TempDir Path directory;

  @Test
  void theDashboardsAreWhatGrafanaExpects() throws Exception {
    Needs.program("/usr/bin/npm", "npm");
    Files.writeString(directory.resolve("package.json"), "{\"private\": true}");
    Path log = directory.resolve("log");
    int installed =
        run(
            log,
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--legacy-peer-deps",
            "@grafana/schema@12.4.11",
            "typescript@5.9.3");
    assumeTrue(installed == 0, "npm cannot install Grafana's types: " + Files.readString(log));
    for (Dashboard dashboard : Dashboard.all()) {
      Path program = directory.resolve(dashboard.file().getFileName() + ".ts");
      Files.writeString(program, typed(dashboard));
      int status =
          run(
              log,
              "node_modules/.bin/tsc",
              "--noEmit",
              "--skipLibCheck",
              "--strict",
              "--target",
              "es2022",
              "--module",
              "esnext",
              "--moduleResolution",
              "bundler",
              program.toString());
      assertEquals(0, status, Files.readString(log));
    }
  }

  /** A program that does not compile where a part of the dashboard is not of its type. */
  private static String typed(Dashboard dashboard) {
    StringBuilder program = new StringBuilder();
    program.append("import type { Dashboard } from '" + TYPES + "dashboard/x/types.gen';\n");
    for (String panel : PANELS) {
      program.append(
          "import type * as %s from '%scomposable/%s/panelcfg/x/types.gen';\n"
              .formatted(panel, TYPES, panel));
    }
    // What JSON makes of a type: the names of enums become texts.
    program.append(
        """
        type Json<T> = T extends string ? `${T}`
            : T extends number | boolean | null | undefined ? T
            : T extends (infer E)[] ? Json<E>[]
            : T extends object ? { [K in keyof T]: Json<T[K]> } : T;
        """);
    JsonObject json = dashboard.json().deepCopy();
    for (JsonElement annotation : json.getAsJsonObject("annotations").getAsJsonArray("list")) {
      ANNOTATION_OF_PROMETHEUS.forEach(annotation.getAsJsonObject()::remove);
    }
    constant(program, "dashboard", "Dashboard", json);
    int number = 0;
    for (JsonObject panel : dashboard.panels()) {
      String type = panel.get("type").getAsString();
      if (PANELS.contains(type)) {
        constant(program, "options" + number, partial(type, "Options"), panel.get("options"));
      }
      if (PANELS_WITH_FIELDS.contains(type)) {
        JsonElement fields =
            panel.getAsJsonObject("fieldConfig").getAsJsonObject("defaults").get("custom");
        constant(program, "fields" + number, partial(type, "FieldConfig"), fields);
      }
      number++;
    }
    return program.toString();
  }

  private static String partial(String panel, String type) {
    return "Partial<" + panel + "." + type + ">";
  }

  private static void constant(StringBuilder program, String name, String type, JsonElement value) {
    if (value != null) {
      program.append("export const %s: Json<%s> = %s;\n".formatted(name, type, value));
    }
  }

  private int run(Path log, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return process.waitFor();
  }
}
