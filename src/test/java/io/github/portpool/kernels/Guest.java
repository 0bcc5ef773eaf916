package io.github.portpool.kernels;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Arrays;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs some tests under another kernel, and prints a line for each: {@code passed}, {@code failed}
 * or {@code skipped}, its class, its name, and why.
 */
final class Guest {
  private Guest() {}

  public static void main(String[] tests) {
    List<? extends DiscoverySelector> selectors =
        Arrays.stream(tests)
            .map(test -> test.contains("#") ? selectMethod(test) : selectClass(test))
            .toList();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectors).build();
    LauncherFactory.create().execute(request, new Printer());
    System.out.println("PORTPOOL end " + System.getProperty("os.version"));
    System.exit(0);
  }

  private static final class Printer implements TestExecutionListener {
    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest() || result.getStatus() == TestExecutionResult.Status.FAILED) {
        String what =
            switch (result.getStatus()) {
              case SUCCESSFUL -> "passed";
              case ABORTED -> "skipped";
              case FAILED -> "failed";
            };
        say(what, test, result.getThrowable().map(Throwable::toString).orElse(""));
        if (what.equals("failed")) {
          result.getThrowable().ifPresent(Throwable::printStackTrace);
        }
      }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      say("skipped", test, reason);
    }

    private static void say(String what, TestIdentifier test, String why) {
      String name =
          test.getUniqueIdObject().getSegments().stream()
              .skip(1)
              .map(segment -> segment.getValue().replace("io.github.portpool.", ""))
              .reduce((first, second) -> first + " " + second)
              .orElse("");
      System.out.println("PORTPOOL " + what + " " + name + " : " + why.replaceAll("\\s+", " "));
    }
  }
}
