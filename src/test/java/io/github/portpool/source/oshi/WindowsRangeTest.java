package io.github.portpool.source.oshi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.table.EphemeralPorts;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsRangeTest {
  private static final String NONE = "none";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Protocol tcp Dynamic Port Range      | Start Port      : 49152 | Number of Ports : 16384",
        "Protokoll tcp Dynamischer Portbereich | Startport       : 49152 | Anzahl von Ports: 16384",
        "Plage de ports dynamique             | Port de démarrage   : 49152 | Nombre de ports     : 16384",
        "プロトコル tcp の動的ポートの範囲         | 開始ポート      : 49152 | ポート数      : 16384",
        "Протокол tcp                         | Начальный порт : 49152 | Число портов : 16384",
      })
  void readsEveryLanguage(String title, String start, String number) {
    String answer = "\n" + title + "\n---------------------------------\n" + start + "\n" + number;
    assertEquals("49152-65535", parse(answer + "\n\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows-31j", "Shift_JIS", "EUC-JP"})
  void readsWhatTheCodePageGarbled(String codePage) {
    byte[] answer = "ポートの範囲\n開始ポート : 1024\nポート数 : 64511\n".getBytes(Charset.forName(codePage));
    String garbled = new String(answer, StandardCharsets.UTF_8);
    assertEquals("1024-65534", parse(garbled));
  }

  @ParameterizedTest
  @CsvSource({
    "1024, 64511, 1024-65534",
    "1, 65535, 1-65535",
    "65535, 1, 65535-65535",
    "49152, 16385, none",
    "49152, 0, none",
    "0, 1000, none",
    "-1, 1000, none",
    "49152, -16384, none",
    "99999, 99999, none",
    "49152, 4294967297, none",
  })
  void believesOnlyARangeOfPorts(String start, String number, String range) {
    assertEquals(range, parse("Start Port : " + start + "\nNumber of Ports : " + number));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "The following command was not found: int ipv4 show dynamicport tcp.",
        "Start Port      : 49152",
        "Start Port      : 49152\nNumber of Ports :",
        "Start Port      :\nNumber of Ports : 16384",
        "a : 1\nb : 2\nc : 3",
        "49152 16384",
      })
  void believesNothingElse(String answer) {
    assertEquals(NONE, parse(answer));
  }

  private static String parse(String answer) {
    return WindowsRange.parse(answer.lines().toList()).map(WindowsRangeTest::text).orElse(NONE);
  }

  private static String text(EphemeralPorts range) {
    return range.first() + "-" + range.last();
  }
}
