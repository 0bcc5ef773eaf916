package io.github.portpool.export.web.config;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Which certificates of clients are accepted: by who issued them, and for which names. */
final class ClientTrust extends X509ExtendedTrustManager {
  private final @Nullable X509ExtendedTrustManager authorities;
  private final Set<String> names;

  /**
   * A check.
   *
   * @param authorities those whose certificates are accepted, null to accept them from anybody
   * @param names the subject alternative names of which a certificate must have one, empty for any
   */
  ClientTrust(@Nullable KeyStore authorities, Set<String> names) throws GeneralSecurityException {
    this.authorities = authorities == null ? null : manager(authorities);
    this.names = names;
  }

  private static X509ExtendedTrustManager manager(KeyStore authorities)
      throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(authorities);
    return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    if (authorities != null) {
      authorities.checkClientTrusted(chain, authType, engine);
    }
    if (!names.isEmpty() && !hasName(chain[0])) {
      throw new CertificateException("none of the certificate's names is allowed");
    }
  }

  /** Each name is a list of its kind and its value: RFC 5280, 4.2.1.6. */
  private boolean hasName(X509Certificate certificate) throws CertificateException {
    Collection<List<?>> all = certificate.getSubjectAlternativeNames();
    return all != null
        && all.stream()
            .anyMatch(name -> name.get(1) instanceof String text && names.contains(text));
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities == null ? new X509Certificate[0] : authorities.getAcceptedIssuers();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
    throw new UnsupportedOperationException("connections here have engines");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) {
    throw new UnsupportedOperationException("connections here have engines");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
    throw new UnsupportedOperationException("servers are not asked");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
    throw new UnsupportedOperationException("servers are not asked");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType) {
    throw new UnsupportedOperationException("servers are not asked");
  }
}
