package io.github.portpool.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandNameTest {
  @ParameterizedTest
  @CsvSource({
    "'curl\n', curl",
    "'\n', ''",
    "'', ''",
    "'a\nb\n', a\\u000ab",
    "'\u001b[2J\n', \\u001b[2J",
    "'grün\n', grün",
    "'kworker/u8:1-events_unbound\n', kworker/u8:1-ev",
  })
  void aNameIsOneLineOfText(String comm, String name) {
    assertEquals(name, CommandName.printable(comm.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aNameThatIsNoTextIsReplaced() {
    assertEquals("\ufffd\ufffd", CommandName.printable(new byte[] {-1, -2, '\n'}));
  }
}
