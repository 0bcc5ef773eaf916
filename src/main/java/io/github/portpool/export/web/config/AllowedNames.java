package io.github.portpool.export.web.config;

import java.net.InetAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The subject alternative names of which a client's certificate must have one: e-mail and IP
 * addresses, names of hosts, URIs. An address is the same however it is written.
 */
interface AllowedNames {
  /** Every certificate is in order. */
  AllowedNames ANY = certificate -> true;

  /** Whether a certificate has one of them. */
  boolean containOneOf(X509Certificate certificate) throws CertificateException;

  /** Names as a configuration lists them; of none no certificate has one. */
  static AllowedNames of(List<String> names) {
    Set<Object> allowed = new HashSet<>(names);
    for (String name : names) {
      try {
        allowed.add(InetAddress.ofLiteral(name));
      } catch (IllegalArgumentException e) {
        // Not an address.
      }
    }
    return certificate -> {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      return all != null && all.stream().anyMatch(name -> allowed.contains(value(name)));
    };
  }

  /** Each name is a list of its kind and its value: RFC 5280, 4.2.1.6. */
  private static Object value(List<?> name) {
    String text = String.valueOf(name.get(1));
    return switch (name.getFirst()) {
      case Integer kind when kind == 7 -> InetAddress.ofLiteral(text);
      case Integer kind when kind == 1 || kind == 2 || kind == 6 -> text;
      default -> name;
    };
  }
}
