package io.github.portpool.export.web.config;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Which certificates of clients are accepted: by who issued them, and for which names. */
final class ClientTrust extends X509ExtendedTrustManager {
  private static final X509Certificate[] NOBODY = {};

  private final @Nullable X509ExtendedTrustManager authorities;
  private final X509Certificate[] issuers;
  private final AllowedNames names;

  private ClientTrust(
      @Nullable X509ExtendedTrustManager authorities,
      X509Certificate[] issuers,
      AllowedNames names) {
    this.authorities = authorities;
    this.issuers = issuers;
    this.names = names;
  }

  /** Certificates from anybody. */
  static ClientTrust ofAnybody(AllowedNames names) {
    return new ClientTrust(null, NOBODY, names);
  }

  /** Certificates of those authorities that Java comes with, too many to name to a client. */
  static ClientTrust ofKnown(AllowedNames names) throws GeneralSecurityException {
    return new ClientTrust(manager(null), NOBODY, names);
  }

  /** Certificates of some authorities. */
  static ClientTrust of(KeyStore authorities, AllowedNames names) throws GeneralSecurityException {
    X509ExtendedTrustManager manager = manager(authorities);
    return new ClientTrust(manager, manager.getAcceptedIssuers(), names);
  }

  private static X509ExtendedTrustManager manager(@Nullable KeyStore authorities)
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
    if (!names.containOneOf(chain[0])) {
      throw new CertificateException("none of the certificate's names is allowed");
    }
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return issuers.clone();
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
