package io.github.portpool.export.web.config;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The older forms of private keys put into that which the JDK reads: PKCS #8, RFC 5958.
 *
 * <pre>
 * PrivateKeyInfo ::= SEQUENCE { version INTEGER (0), AlgorithmIdentifier, OCTET STRING }
 * </pre>
 */
final class Pkcs8 {
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int PARAMETERS = 0xa0;
  private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");

  /** rsaEncryption and NULL, RFC 8017. */
  private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");

  /** id-ecPublicKey, RFC 5480. */
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

  private Pkcs8() {}

  /** Of RSAPrivateKey, RFC 8017. */
  static byte[] ofRsa(byte[] pkcs1) {
    return wrap(RSA, pkcs1);
  }

  /**
   * Of ECPrivateKey with a named curve, RFC 5915.
   *
   * <pre>
   * ECPrivateKey ::= SEQUENCE { version INTEGER, privateKey OCTET STRING,
   *     parameters [0] { namedCurve OBJECT IDENTIFIER } OPTIONAL, publicKey [1] OPTIONAL }
   * </pre>
   *
   * @throws IllegalArgumentException when it is not one
   */
  static byte[] ofEc(byte[] sec1) {
    int at = content(sec1, 0);
    while (at < sec1.length) {
      int content = content(sec1, at);
      int end = content + length(sec1, at);
      if (at(sec1, at) == PARAMETERS && at(sec1, content) == OBJECT_IDENTIFIER) {
        return wrap(concatenation(EC, Arrays.copyOfRange(sec1, content, end)), sec1);
      }
      at = end;
    }
    throw new IllegalArgumentException("a key without a named curve");
  }

  private static byte[] wrap(byte[] algorithm, byte[] key) {
    return element(
        SEQUENCE,
        concatenation(VERSION_0, element(SEQUENCE, algorithm), element(OCTET_STRING, key)));
  }

  /** DER, X.690 8.1.3: a length below 128 is one byte, else the first says how many follow. */
  private static byte[] element(int tag, byte[] content) {
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    element.write(tag);
    if (content.length < 0x80) {
      element.write(content.length);
    } else {
      element.write(0x82);
      element.write(content.length >> 8);
      element.write(content.length);
    }
    element.writeBytes(content);
    return element.toByteArray();
  }

  private static byte[] concatenation(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Where the content of the element at a place begins. */
  private static int content(byte[] der, int at) {
    int first = at(der, at + 1);
    return at + 2 + (first < 0x80 ? 0 : first - 0x80);
  }

  private static int length(byte[] der, int at) {
    int length = at(der, at + 1);
    if (length >= 0x80) {
      int bytes = length - 0x80;
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = length << 8 | at(der, at + 2 + i);
      }
    }
    if (length < 0 || length > der.length - content(der, at)) {
      throw new IllegalArgumentException("a length beyond the end");
    }
    return length;
  }

  private static int at(byte[] der, int at) {
    if (at >= der.length) {
      throw new IllegalArgumentException("an early end");
    }
    return der[at] & 0xff;
  }
}
