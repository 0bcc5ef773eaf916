package io.github.portpool.export.web.config;

import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * How to serve by TLS.
 *
 * @param context the certificate, its key, and whose certificates are trusted
 * @param parameters versions, cipher suites, curves, and what is asked of clients
 * @param certificate what clients are shown
 */
record TlsSettings(SSLContext context, SSLParameters parameters, X509Certificate certificate) {}
