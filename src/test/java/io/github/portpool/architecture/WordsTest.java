package io.github.portpool.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.text.Format;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is said is said well: why something failed, and numbers in the same digits everywhere. */
class WordsTest {
  private static final String ROOT = "io.github.portpool.";

  /** What only the agent runs, which sets its locale when it starts. */
  private static final String[] AGENT = {
    ROOT + "cli..",
    ROOT + "daemon..",
    ROOT + "advice..",
    ROOT + "lookup..",
    ROOT + "export.json..",
    ROOT + "export.prometheus..",
    ROOT + "export.text..",
    ROOT + "export.web.."
  };

  private static final Set<String> FORMATTING =
      Set.of("format", "formatted", "toLowerCase", "toUpperCase", "ofPattern");

  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.github.portpool");

  /** It may be null, the name of a file alone, or that of a class. */
  @Test
  void nobodySaysTheBareMessageOfAnException() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "host..", ROOT + "linux..")
        .should()
        .callMethodWhere(
            describe(
                "a Throwable is asked for its message",
                call ->
                    call.getTarget().getName().endsWith("Message")
                        && call.getTargetOwner().isAssignableTo(Throwable.class)))
        .check(PROGRAM);
  }

  /** An application keeps its own, and would have what the library says in its digits. */
  @Test
  void theLibraryAsksForNoLocale() {
    noClasses()
        .that()
        .resideOutsideOfPackages(AGENT)
        .should()
        .callMethodWhere(describe("the default locale counts", WordsTest::takesTheDefault))
        .check(PROGRAM);
  }

  private static boolean takesTheDefault(JavaCall<?> call) {
    JavaClass owner = call.getTargetOwner();
    List<String> parameters =
        call.getTarget().getRawParameterTypes().stream().map(JavaClass::getName).toList();
    return FORMATTING.contains(call.getTarget().getName())
        && (owner.isEquivalentTo(String.class)
            || owner.isEquivalentTo(DateTimeFormatter.class)
            || owner.isAssignableTo(Formatter.class)
            || owner.isAssignableTo(Format.class))
        && !parameters.contains(Locale.class.getName());
  }
}
