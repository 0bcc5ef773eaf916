package io.github.portpool.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.portpool.table.SocketEntry;
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
        .layer("snapshot")
        .definedBy(ROOT + "snapshot..")
        .layer("table")
        .definedBy(ROOT + "table..")
        .layer("host")
        .definedBy(ROOT + "host..")
        .layer("pool")
        .definedBy(ROOT + "pool..")
        .layer("linux")
        .definedBy(ROOT + "linux")
        .layer("netlink")
        .definedBy(ROOT + "linux.netlink..")
        .layer("source")
        .definedBy(ROOT + "source")
        .layer("backends")
        .definedBy(ROOT + "source.*..")
        .layer("lookup")
        .definedBy(ROOT + "lookup..")
        .layer("sample")
        .definedBy(ROOT + "sample..")
        .layer("access")
        .definedBy(ROOT + "access..")
        .layer("entry")
        .definedBy("io.github.portpool")
        .layer("advice")
        .definedBy(ROOT + "advice..")
        .layer("metrics")
        .definedBy(ROOT + "metrics..")
        .layer("prometheus")
        .definedBy(ROOT + "export.prometheus..")
        .layer("micrometer")
        .definedBy(ROOT + "export.micrometer..")
        .layer("json")
        .definedBy(ROOT + "export.json..")
        .layer("text")
        .definedBy(ROOT + "export.text..")
        .layer("server")
        .definedBy(ROOT + "export.web.server..", ROOT + "export.web.config..")
        .layer("pages")
        .definedBy(ROOT + "export.web.pages..")
        .layer("daemon")
        .definedBy(ROOT + "daemon..")
        .layer("cli")
        .definedBy(ROOT + "cli..")
        .whereLayer("snapshot")
        .mayNotAccessAnyLayer()
        .whereLayer("table")
        .mayOnlyAccessLayers("snapshot")
        .whereLayer("host")
        .mayOnlyAccessLayers("table", "snapshot")
        .whereLayer("linux")
        .mayNotAccessAnyLayer()
        .whereLayer("pool")
        .mayOnlyAccessLayers("table", "snapshot")
        .whereLayer("source")
        .mayOnlyAccessLayers("host", "table", "snapshot")
        .whereLayer("backends")
        .mayOnlyAccessLayers("source", "host", "table", "linux", "netlink", "snapshot")
        .whereLayer("netlink")
        .mayOnlyAccessLayers("linux", "source", "table", "snapshot")
        .whereLayer("lookup")
        .mayOnlyAccessLayers("source", "host", "table", "pool", "snapshot")
        .whereLayer("sample")
        .mayOnlyAccessLayers("advice", "lookup", "source", "host", "table", "pool", "snapshot")
        .whereLayer("advice")
        .mayOnlyAccessLayers("source", "host", "table", "pool", "snapshot")
        .whereLayer("metrics")
        .mayOnlyAccessLayers("sample", "host", "snapshot")
        .whereLayer("prometheus")
        .mayOnlyAccessLayers("metrics", "host")
        .whereLayer("access")
        .mayOnlyAccessLayers("sample", "backends", "source", "linux", "host", "table", "snapshot")
        .whereLayer("entry")
        .mayOnlyAccessLayers("access", "sample", "source", "snapshot")
        .whereLayer("micrometer")
        .mayOnlyAccessLayers("metrics", "access", "sample")
        .whereLayer("json")
        .mayOnlyAccessLayers("advice", "sample", "lookup", "pool", "host", "table", "snapshot")
        .whereLayer("text")
        .mayOnlyAccessLayers("advice", "sample", "lookup", "pool", "host", "table", "snapshot")
        .whereLayer("server")
        .mayOnlyAccessLayers("host")
        .whereLayer("pages")
        .mayOnlyAccessLayers(
            "server",
            "json",
            "text",
            "advice",
            "sample",
            "lookup",
            "pool",
            "host",
            "table",
            "snapshot")
        .whereLayer("daemon")
        .mayOnlyAccessLayers("sample", "linux", "host", "snapshot")
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
    "io.netty.., export.web.server",
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

  /** What closes a port, and to whom, is decided by PortAllocation alone. */
  @Test
  void nobodyJudgesABindBucketForThemselves() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "table..", ROOT + "source..")
        .should()
        .accessField(SocketEntry.class, "bindMade")
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
