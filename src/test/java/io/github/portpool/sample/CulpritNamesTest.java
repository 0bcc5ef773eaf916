package io.github.portpool.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.ConnectFailures.Culprit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CulpritNamesTest {
  private final Map<Long, String> paths = new HashMap<>(Map.of(7L, "/web.service"));
  private final CulpritNames names =
      new CulpritNames(inode -> "ns" + inode, id -> paths.getOrDefault(id, ""));

  private Map<NamedCulprit, Long> name(Map<Culprit, Long> culprits) {
    return names.name(new ConnectFailures(0, 0, 0, 0, culprits));
  }

  @Test
  void aCulpritKeepsTheNameThatItHadFirst() {
    Map<Culprit, Long> culprit = Map.of(new Culprit(1, "curl", 7, "10.0.0.1:80"), 3L);
    Map<NamedCulprit, Long> named =
        Map.of(new NamedCulprit("ns1", "curl", "/web.service", "10.0.0.1:80"), 3L);
    assertEquals(named, name(culprit));
    paths.clear();
    assertEquals(named, name(culprit));
    assertEquals(Map.of(), name(Map.of()));
    assertEquals(
        Map.of(new NamedCulprit("ns1", "curl", "id:7", "10.0.0.1:80"), 3L),
        name(culprit),
        "it was forgotten with its row");
  }

  @Test
  void thoseOfOneNameAreTwoSeriesSoThatNoneFalls() {
    paths.put(8L, "/web.service");
    Map<Culprit, Long> culprits = new LinkedHashMap<>();
    culprits.put(new Culprit(1, "curl", 7, "10.0.0.1:80"), 3L);
    culprits.put(new Culprit(1, "curl", 8, "10.0.0.1:80"), 2L);
    assertEquals(
        Map.of(
            new NamedCulprit("ns1", "curl", "/web.service", "10.0.0.1:80"), 3L,
            new NamedCulprit("1", "curl", "id:8", "10.0.0.1:80"), 2L),
        name(culprits));
    assertEquals(
        Map.of(new NamedCulprit("", "", "id:9", "10.0.0.1:80"), 5L),
        name(Map.of(new Culprit(0, "", 9, "10.0.0.1:80"), 5L)));
  }
}
