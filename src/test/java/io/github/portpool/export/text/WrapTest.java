package io.github.portpool.export.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WrapTest {
  private static final String PAGE =
      """
      Port 80 is free: no socket is on it here, and nobody has it.

        service          http, a long name of a service, and one more
        tcp clients      are not given it

      PROTO  STATE   LOCAL       REMOTE            PROCESS  PID
      tcp    listen  0.0.0.0:80  192.0.2.1:65535   nginx    4711
      """;

  @Test
  void sentencesAndFactsAreWrapped() {
    assertEquals(
        """
        Port 80 is free: no socket is on it
          here, and nobody has it.

          service          http, a long name
                           of a service, and
                           one more
          tcp clients      are not given it

        PROTO  STATE   LOCAL       REMOTE            PROCESS  PID
        tcp    listen  0.0.0.0:80  192.0.2.1:65535   nginx    4711
        """,
        Wrap.page(PAGE, 37));
  }

  @Test
  void whatFitsIsAsItWas() {
    assertEquals(PAGE, Wrap.page(PAGE, 80));
  }

  @Test
  void aHostileLineCostsNoTime() {
    String line = "a ".repeat(20_000) + " b  ".repeat(20_000);
    assertTrue(Wrap.page(line, 60).length() >= line.length());
  }
}
