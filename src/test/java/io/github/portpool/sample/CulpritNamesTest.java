package io.github.portpool.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.ConnectFailures.Culprit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CulpritNamesTest {
  private final Map<Long, String> paths = new HashMap<>(Map.of(7L, "/web.service"));
  private final CulpritNames names =
      new CulpritNames(inode -> "ns" + inode, id -> paths.getOrDefault(id, ""));

  private List<FailedConnects> name(Culprit... culprits) {
    return names.name(new ConnectFailures(0, 0, 0, 0, List.of(culprits)));
  }

  @Test
  void aCulpritKeepsTheNameThatItHadFirst() {
    Culprit culprit = new Culprit(1, "curl", 7, "10.0.0.1:80", 3);
    assertEquals(
        List.of(new FailedConnects("ns1", "curl", "/web.service", "10.0.0.1:80", 3)),
        name(culprit));
    paths.clear();
    assertEquals(
        List.of(new FailedConnects("ns1", "curl", "/web.service", "10.0.0.1:80", 3)),
        name(culprit));
    assertEquals(List.of(), name());
    assertEquals(
        List.of(new FailedConnects("ns1", "curl", "id:7", "10.0.0.1:80", 3)),
        name(culprit),
        "it was forgotten with its row");
  }

  @Test
  void thoseOfOneNameAreTwoSeriesSoThatNoneFalls() {
    paths.put(8L, "/web.service");
    assertEquals(
        Set.of(
            new FailedConnects("ns1", "curl", "/web.service", "10.0.0.1:80", 3),
            new FailedConnects("1", "curl", "id:8", "10.0.0.1:80", 2)),
        Set.copyOf(
            name(
                new Culprit(1, "curl", 7, "10.0.0.1:80", 3),
                new Culprit(1, "curl", 8, "10.0.0.1:80", 2))));
    assertEquals(
        List.of(new FailedConnects("", "", "id:9", "10.0.0.1:80", 5)),
        name(new Culprit(0, "", 9, "10.0.0.1:80", 5)));
  }
}
