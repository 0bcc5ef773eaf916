package io.github.portpool.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Kubernetes manifests, each of them loaded into Kubernetes' own types, which know no other fields;
 * those of the Prometheus operator are taken as they are.
 */
record Manifests(List<Yaml> all) {
  private static final Set<String> OPERATOR =
      Set.of("PodMonitor", "PrometheusRule", "ServiceMonitor");

  /** Reads a stream of documents. */
  static Manifests parse(String stream) throws Exception {
    List<Yaml> all = new ArrayList<>();
    for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(stream)) {
      if (document != null) {
        Yaml manifest = new Yaml(document);
        check(manifest);
        all.add(manifest);
      }
    }
    return new Manifests(all);
  }

  private static void check(Yaml manifest) throws Exception {
    if (OPERATOR.contains(manifest.text("kind"))) {
      assertEquals("monitoring.coreos.com/v1", manifest.text("apiVersion"));
    } else {
      io.kubernetes.client.util.Yaml.load(manifest.dump());
    }
  }

  /** The kinds of all, sorted. */
  List<String> kinds() {
    return all.stream().map(each -> each.text("kind")).sorted().toList();
  }

  /** Those of one kind. */
  List<Yaml> of(String kind) {
    return all.stream().filter(each -> each.text("kind").equals(kind)).toList();
  }

  /** The only one of a kind. */
  Yaml one(String kind) {
    List<Yaml> found = of(kind);
    assertEquals(1, found.size(), () -> kind + " among " + kinds());
    return found.getFirst();
  }

  /** What the pods of the DaemonSet are made of. */
  Yaml pod() {
    return one("DaemonSet").get("spec").get("template").get("spec");
  }

  /** The only container of the DaemonSet's pods. */
  Yaml container() {
    List<Yaml> containers = pod().get("containers").list();
    assertEquals(1, containers.size());
    return containers.getFirst();
  }

  /** The command line of that container. */
  List<String> arguments() {
    return texts(container().get("args"));
  }

  /** The capabilities that container is given. */
  List<String> capabilities() {
    Yaml capabilities = container().get("securityContext").get("capabilities");
    assertEquals(List.of("ALL"), texts(capabilities.get("drop")));
    return capabilities.map().containsKey("add") ? texts(capabilities.get("add")) : List.of();
  }

  private static List<String> texts(Yaml list) {
    return list.list().stream().map(Yaml::text).toList();
  }
}
