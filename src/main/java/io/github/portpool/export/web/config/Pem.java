package io.github.portpool.export.web.config;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as text: PEM, RFC 7468. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  /** A document within a PEM text. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Block(String label, byte[] bytes) {}

  private Pem() {}

  /** The certificates of a text in their order, at least one. */
  static List<X509Certificate> certificates(String what, String text) throws WebConfigException {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Block block : blocks(text)) {
        if (block.label().equals("CERTIFICATE")) {
          certificates.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
        }
      }
    } catch (CertificateException | IllegalArgumentException e) {
      throw new WebConfigException(what + " has a certificate that cannot be read");
    }
    if (certificates.isEmpty()) {
      throw new WebConfigException(
          what + " has no certificate in PEM, -----BEGIN CERTIFICATE-----");
    }
    return certificates;
  }

  /**
   * The first private key of a text: PKCS #8, or PKCS #1 and SEC 1, as RSA and EC keys are made.
   */
  static PrivateKey privateKey(String what, String text) throws WebConfigException {
    try {
      for (Block block : blocks(text)) {
        switch (block.label()) {
          case "PRIVATE KEY" -> {
            return key(block.bytes());
          }
          case "RSA PRIVATE KEY" -> {
            return key(Pkcs8.ofRsa(block.bytes()));
          }
          case "EC PRIVATE KEY" -> {
            return key(Pkcs8.ofEc(block.bytes()));
          }
          case "ENCRYPTED PRIVATE KEY" ->
              throw new WebConfigException(
                  what + " is encrypted, and nobody is there to type the passphrase: decrypt it");
          default -> {
            // Such as EC PARAMETERS, which the key has, too.
          }
        }
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new WebConfigException(what + " has a private key that cannot be read");
    }
    throw new WebConfigException(what + " has no private key in PEM, -----BEGIN PRIVATE KEY-----");
  }

  private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
    PKCS8EncodedKeySpec specification = new PKCS8EncodedKeySpec(pkcs8);
    for (String algorithm : List.of("RSA", "EC")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(specification);
      } catch (GeneralSecurityException e) {
        // Of another algorithm.
      }
    }
    return KeyFactory.getInstance("EdDSA").generatePrivate(specification);
  }

  private static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    for (Matcher matcher = BLOCK.matcher(text); matcher.find(); ) {
      blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
    }
    return blocks;
  }
}
