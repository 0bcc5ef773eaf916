package io.github.portpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.portpool.table.Destination;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TargetTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.2:80, 10.0.0.2, 80",
    "db.example:65535, db.example, 65535",
    "[2001:db8::1]:443, 2001:db8::1, 443",
    "[fe80::1%2]:1, fe80::1%2, 1",
  })
  void aDestination(String value, String host, int port) {
    assertEquals(new Target(host, port), new Target.Converter().convert(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "db", "db:", ":80", "db:0", "db:65536", "::1:80", "[]:80", "db:80:81"})
  void noDestination(String value) {
    assertThrows(TypeConversionException.class, () -> new Target.Converter().convert(value));
  }

  @Test
  void theSourceIsThatOfTheRoute() throws IOException {
    List<Destination> groups = new Target("127.0.0.5", 80).groups();
    assertEquals(1, groups.size());
    assertEquals("127.0.0.1", groups.getFirst().source());
    assertEquals("127.0.0.5:80", groups.getFirst().destination());
  }

  @Test
  void aNameThatNobodyKnows() {
    IOException unknown =
        assertThrows(IOException.class, () -> new Target("no.such.host.invalid", 80).groups());
    assertEquals(
        "no.such.host.invalid is no host that is known: check the name or give an address",
        unknown.getMessage());
  }
}
