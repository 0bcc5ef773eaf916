package io.github.portpool.export.web.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers chose, in HTML and in paths. */
class HtmlTest {
  @Test
  void valuesAreEscapedOnceAndTemplatesAreNot() {
    Html inner = new Html().add("<b>%s</b>", "<&>\"'%s");
    assertEquals(
        "<p title=\"a&quot;\"><b>&lt;&amp;&gt;&quot;&#39;%s</b> 1,000 7</p>",
        new Html().add("<p title=\"%s\">%s %,d %d</p>", "a\"", inner, 1000, 7).toString());
  }

  @Test
  void nothingTurnsOrEndsTheLine() {
    assertEquals(
        "a\\u000ab\\u001b[31m\\u202ec\\u0000\\ud800",
        new Html().add("%s", "a\nb\u001b[31m\u202ec\0\ud800").toString());
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "80, 80", "60696, 60696", "65535, 65535"})
  void aPortIsADecimalNumber(String text, int port) {
    assertEquals(port, PortNumber.parse(text).orElse(-1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "+1",
        "65536",
        "99999",
        "100000",
        "0x1",
        "1e3",
        "01",
        "1 ",
        " 1",
        "1.0",
        "*",
        "٣",
        "1\n",
        "99999999999999999999999999",
        "80/",
        "<script>"
      })
  void anythingElseIsNone(String text) {
    assertEquals(-1, PortNumber.parse(text).orElse(-1));
  }
}
