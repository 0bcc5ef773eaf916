package io.github.portpool.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The data's one way, source to table to pool to snapshot to exporters, and where libraries live.
 */
class LayersTest {
  private static final String ROOT = "io.github.portpool.";
  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.github.portpool");

  @Test
  void dataFlowsOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("table")
        .definedBy(ROOT + "table..")
        .layer("host")
        .definedBy(ROOT + "host..")
        .layer("pool")
        .definedBy(ROOT + "pool..")
        .layer("linux")
        .definedBy(ROOT + "linux..")
        .layer("source")
        .definedBy(ROOT + "source")
        .layer("backends")
        .definedBy(ROOT + "source.*..")
        .layer("lookup")
        .definedBy(ROOT + "lookup..")
        .layer("sample")
        .definedBy(ROOT + "sample..")
        .layer("advice")
        .definedBy(ROOT + "advice..")
        .layer("prometheus")
        .definedBy(ROOT + "export.prometheus..")
        .layer("micrometer")
        .definedBy(ROOT + "export.micrometer..")
        .layer("json")
        .definedBy(ROOT + "export.json..")
        .layer("text")
        .definedBy(ROOT + "export.text..")
        .layer("web")
        .definedBy(ROOT + "export.web..")
        .layer("service")
        .definedBy(ROOT + "service..")
        .layer("cli")
        .definedBy(ROOT + "cli..")
        .whereLayer("table")
        .mayNotAccessAnyLayer()
        .whereLayer("host")
        .mayOnlyAccessLayers("table")
        .whereLayer("linux")
        .mayNotAccessAnyLayer()
        .whereLayer("pool")
        .mayOnlyAccessLayers("table")
        .whereLayer("source")
        .mayOnlyAccessLayers("host", "table")
        .whereLayer("backends")
        .mayOnlyAccessLayers("source", "host", "table", "linux")
        .whereLayer("lookup")
        .mayOnlyAccessLayers("source", "host", "table", "pool")
        .whereLayer("sample")
        .mayOnlyAccessLayers("lookup", "source", "host", "table", "pool")
        .whereLayer("advice")
        .mayOnlyAccessLayers("source", "host", "table", "pool")
        .whereLayer("prometheus")
        .mayOnlyAccessLayers("sample", "pool", "host", "table")
        .whereLayer("micrometer")
        .mayOnlyAccessLayers("sample", "pool", "host", "table")
        .whereLayer("json")
        .mayOnlyAccessLayers("advice", "sample", "lookup", "pool", "host", "table")
        .whereLayer("text")
        .mayOnlyAccessLayers("advice", "sample", "lookup", "pool", "host", "table")
        .whereLayer("web")
        .mayOnlyAccessLayers("json", "text", "sample", "lookup", "pool", "host", "table")
        .whereLayer("service")
        .mayOnlyAccessLayers("sample", "linux")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .check(PROGRAM);
  }

  @ParameterizedTest
  @CsvSource({
    "java.lang.foreign.., linux",
    "oshi.., source.oshi",
    "io.prometheus.., export.prometheus",
    "io.micrometer.., export.micrometer",
    "io.opentelemetry.., export.prometheus.otlp",
    "com.google.gson.., export.json",
    "picocli.., cli",
    "org.snakeyaml.., export.web.config",
    "at.favre.., export.web.config",
  })
  void aLibraryIsUsedInOneRoom(String library, String room) {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(PROGRAM);
  }

  @Test
  void everyPackageIsNullMarked() {
    classes()
        .that()
        .haveSimpleName("package-info")
        .should()
        .beAnnotatedWith("org.jspecify.annotations.NullMarked")
        .check(PROGRAM);
  }
}
