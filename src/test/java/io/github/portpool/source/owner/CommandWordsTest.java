package io.github.portpool.source.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CommandWordsTest {
  @Test
  void shortOnesAreWhole() {
    assertEquals("nginx: master process", CommandWords.shortened("nginx: master process\0\0\0"));
    assertEquals("java -jar a.jar", CommandWords.shortened("java\0-jar\0a.jar\0"));
    assertEquals("", CommandWords.shortened(""));
  }

  @Test
  void theClassAfterALongClassPathStays() {
    String words =
        CommandWords.shortened(
            "java\0-cp\0" + "/opt/app/lib/x.jar:".repeat(200) + "\0com.acme.Main\0");
    assertTrue(words.startsWith("java -cp /opt/app/"), words);
    assertTrue(words.endsWith(" com.acme.Main"), words);
    assertTrue(words.length() < 80, words);
  }

  @Test
  void hostileTextStaysOnItsLine() {
    String words = CommandWords.shortened("a\nb\u001b[2J\u202e\0" + "\ud83d\ude00 ".repeat(5000));
    assertTrue(words.startsWith("a\\u000ab\\u001b[2J"), words);
    assertTrue(words.codePointCount(0, words.length()) <= 240, words);
    assertTrue(words.codePoints().noneMatch(each -> each < ' ' || each == 0x202e), words);
  }
}
