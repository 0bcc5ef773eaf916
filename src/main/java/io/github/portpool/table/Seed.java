package io.github.portpool.table;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** A secret for a hash function, so that nobody can choose keys that all meet in one slot. */
final class Seed {
  private Seed() {}

  /** Another one each time: of /dev/urandom, for SecureRandom takes ten times as long to load. */
  static long next() {
    try (InputStream random = new FileInputStream("/dev/urandom")) {
      return ByteBuffer.wrap(random.readNBytes(Long.BYTES)).getLong();
    } catch (IOException e) {
      return new SecureRandom().nextLong();
    }
  }
}
