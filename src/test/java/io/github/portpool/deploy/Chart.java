package io.github.portpool.deploy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.nio.file.Files;
import java.nio.file.Path;

/** The Helm chart, rendered by Helm's own code. */
final class Chart {
  static final Path DIRECTORY = Path.of("deploy/helm/portpool").toAbsolutePath();

  private final Path scratch;

  /** A chart that keeps the values it is given in a directory. */
  Chart(Path scratch) {
    this.scratch = scratch;
  }

  /** What Helm finds fault with. */
  LintResult lint() {
    return new Helm(DIRECTORY).lint().strict().call();
  }

  /** The manifests of a release named portpool with some values, a YAML document. */
  Manifests render(String values) throws Exception {
    Path file = Files.writeString(scratch.resolve("values.yaml"), values);
    return Manifests.parse(
        new Helm(DIRECTORY)
            .template()
            .withName("portpool")
            .withNamespace("monitoring")
            .withKubeVersion("1.32.0")
            .withValuesFile(file)
            .call());
  }
}
