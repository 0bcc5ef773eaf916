package io.github.portpool.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectoryEntriesTest {
  private final DirectoryEntries entries = new DirectoryEntries();

  @Test
  void readsEntriesToTheEnd() {
    ByteBuffer block = ByteBuffer.allocate(80).order(ByteOrder.nativeOrder());
    entry(block, -1, 24, 4, "ab\u00e9");
    entry(block, 7, 32, 8, "4711");
    wrap(block, 56);
    assertTrue(entries.next());
    assertEquals(-1, entries.inode());
    assertTrue(entries.isDirectory());
    assertEquals("ab\u00e9", entries.name());
    assertEquals(-1, entries.number());
    assertTrue(entries.next());
    assertEquals(7, entries.inode());
    assertFalse(entries.isDirectory());
    assertEquals("4711", entries.name());
    assertEquals(4711, entries.number());
    assertFalse(entries.next());
    assertFalse(entries.next());
  }

  @ParameterizedTest
  @CsvSource({"'', -1", "0, 0", "007, 7", "999999999, 999999999", "1000000000, -1", "1x, -1"})
  void numbersOfAtMostNineDigits(String name, int number) {
    ByteBuffer block = ByteBuffer.allocate(40).order(ByteOrder.nativeOrder());
    entry(block, 1, 40, 0, name);
    wrap(block, 40);
    assertTrue(entries.next());
    assertEquals(number, entries.number());
  }

  @ParameterizedTest
  @CsvSource({"0, 48", "19, 48", "49, 48", "65535, 48", "24, 19", "24, 23", "24, 0"})
  void whatIsNoWholeEntryEndsTheBlock(int recordLength, int bytes) {
    ByteBuffer block = ByteBuffer.allocate(48).order(ByteOrder.nativeOrder());
    entry(block, 1, recordLength, 0, "1");
    wrap(block, bytes);
    assertFalse(entries.next());
  }

  @Test
  void staysInsideAnyBytes() {
    Random random = new Random(3);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(120)];
      random.nextBytes(bytes);
      for (int at = 17; at < bytes.length && random.nextInt(4) > 0; at += 24) {
        bytes[at] = 0;
        bytes[at - 1] = 24;
      }
      entries.wrap(MemorySegment.ofArray(bytes), bytes.length + random.nextInt(3));
      while (entries.next()) {
        assertTrue(entries.name().length() < 120 && entries.number() >= -1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "socket:[4711], 4711",
    "socket:[4294967295], 4294967295",
    "socket:[0], 0",
    "socket:[], -1",
    "socket:[x], -1",
    "socket:[47, -1",
    "socket:[99999999999999999999], -1",
    "pipe:[4711], -1",
    "/tmp/socket:[1], -1",
    "anon_inode:[eventpoll], -1",
    "'', -1",
  })
  void linksToSockets(String text, long inode) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    MemorySegment link = MemorySegment.ofArray(bytes);
    assertEquals(inode, new Descriptors("socket").inode(link, bytes.length));
    assertEquals(-1, new Descriptors("socket").inode(link, -1));
  }

  private static void entry(ByteBuffer block, long inode, int length, int type, String name) {
    int at = block.position();
    block.putLong(inode).putLong(0).putShort((short) length).put((byte) type);
    block.put(name.getBytes(StandardCharsets.ISO_8859_1)).put((byte) 0);
    block.position(Math.min(block.limit(), at + length));
  }

  private void wrap(ByteBuffer block, long bytes) {
    entries.wrap(MemorySegment.ofBuffer(block.rewind()), bytes);
  }
}
