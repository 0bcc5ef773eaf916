package io.github.portpool.export.web.config;

import io.github.portpool.host.Trouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/** The part {@code tls_server_config} of a web configuration file. */
final class TlsServerConfig {
  private static final String KEY = "tls_server_config";

  /** Of TLS 1.2 without tickets; the JDK would keep 20,480 for a day. */
  private static final int SESSIONS = 256;

  private static final char[] NO_PASSWORD = {};
  private static final List<String> VERSIONS = List.of("TLS12", "TLS13");
  private static final List<String> OLD_VERSIONS = List.of("TLS10", "TLS11");

  /** Those of Go's crypto/tls that it does not call insecure, and those without forward secrecy. */
  private static final Pattern SUITES =
      Pattern.compile(
          "TLS_((ECDHE_(RSA|ECDSA)_WITH_|RSA_WITH_)AES_(128_CBC_SHA|256_CBC_SHA|128_GCM_SHA256|256_GCM_SHA384)"
              + "|(ECDHE_(RSA|ECDSA)_WITH_)?CHACHA20_POLY1305_SHA256"
              + "|AES_128_GCM_SHA256|AES_256_GCM_SHA384)");

  private static final Map<String, String> CURVES =
      Map.of(
          "CurveP256", "secp256r1",
          "CurveP384", "secp384r1",
          "CurveP521", "secp521r1",
          "X25519", "x25519");

  private final YamlMapping part;
  private final ConfigFolder folder;

  TlsServerConfig(YamlMapping part, ConfigFolder folder) {
    this.part = part;
    this.folder = folder;
  }

  /** Reads what it names, and checks that it fits together. */
  TlsSettings settings() throws WebConfigException {
    part.allowOnly(
        Set.of(
            "cert",
            "cert_file",
            "key",
            "key_file",
            "client_ca",
            "client_ca_file",
            "client_auth_type",
            "client_allowed_sans",
            "min_version",
            "max_version",
            "cipher_suites",
            "prefer_server_cipher_suites",
            "curve_preferences"));
    List<X509Certificate> chain = Pem.certificates(source("cert"), required("cert"));
    PrivateKey key = Pem.privateKey(source("key"), required("key"));
    ClientAuthType clients = clientAuthType();
    try {
      X509Certificate certificate = chain.getFirst();
      if (!belong(certificate, key)) {
        throw new WebConfigException(source("key") + " is not the key of " + source("cert"));
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers(chain, key), new TrustManager[] {trust(clients)}, null);
      context.getServerSessionContext().setSessionCacheSize(SESSIONS);
      return new TlsSettings(context, parameters(context, clients), certificate);
    } catch (GeneralSecurityException | IOException e) {
      throw new WebConfigException(KEY + " cannot be used: " + Trouble.reason(e));
    }
  }

  /** What is called so in sentences: a file, or what stands in the configuration itself. */
  private String source(String name) throws WebConfigException {
    String file = part.text(name + "_file");
    return file.isEmpty() ? KEY + ": " + name : file;
  }

  private String required(String name) throws WebConfigException {
    String text = optional(name);
    if (text.isEmpty()) {
      throw new WebConfigException(KEY + " needs " + name + "_file");
    }
    return text;
  }

  private String optional(String name) throws WebConfigException {
    String file = part.text(name + "_file");
    String text = part.text(name);
    return file.isEmpty() ? text : folder.read(file);
  }

  private ClientAuthType clientAuthType() throws WebConfigException {
    String label = part.text("client_auth_type");
    List<String> labels = ClientAuthType.ALL.stream().map(ClientAuthType::label).toList();
    int index = label.isEmpty() ? 0 : labels.indexOf(label);
    if (index < 0) {
      throw new WebConfigException(
          KEY + ": client_auth_type must be one of " + String.join(", ", labels));
    }
    return ClientAuthType.ALL.get(index);
  }

  private static boolean belong(X509Certificate certificate, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm = key.getAlgorithm();
    if (!certificate.getPublicKey().getAlgorithm().equals(algorithm)) {
      return false;
    }
    Signature signature =
        Signature.getInstance(
            algorithm.equals("EdDSA") ? algorithm : "SHA256with" + signer(algorithm));
    byte[] text = KEY.getBytes(StandardCharsets.US_ASCII);
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(text);
    return signature.verify(signed);
  }

  private static String signer(String algorithm) {
    return algorithm.equals("EC") ? "ECDSA" : algorithm;
  }

  private static KeyManager[] keyManagers(List<X509Certificate> chain, PrivateKey key)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    store.setKeyEntry("server", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private ClientTrust trust(ClientAuthType clients)
      throws WebConfigException, GeneralSecurityException, IOException {
    String authorities = optional("client_ca");
    boolean named = part.isSet("client_allowed_sans");
    if (named && !clients.requires()) {
      throw new WebConfigException(
          KEY + ": client_allowed_sans needs client_auth_type RequireAndVerifyClientCert");
    }
    if (!authorities.isEmpty() && !clients.requests()) {
      throw new WebConfigException(
          KEY + ": client_ca_file needs client_auth_type RequireAndVerifyClientCert");
    }
    AllowedNames names =
        named ? AllowedNames.of(part.texts("client_allowed_sans")) : AllowedNames.ANY;
    List<X509Certificate> certificates =
        authorities.isEmpty() ? List.of() : Pem.certificates(source("client_ca"), authorities);
    if (!clients.verifies()) {
      return ClientTrust.ofAnybody(names);
    }
    if (certificates.isEmpty()) {
      return ClientTrust.ofKnown(names);
    }
    KeyStore store = emptyStore();
    for (X509Certificate each : certificates) {
      store.setCertificateEntry("client-ca-" + store.size(), each);
    }
    return ClientTrust.of(store, names);
  }

  private SSLParameters parameters(SSLContext context, ClientAuthType clients)
      throws WebConfigException {
    SSLParameters parameters = context.getDefaultSSLParameters();
    int first = version("min_version", 0);
    int last = version("max_version", VERSIONS.size() - 1);
    if (first > last) {
      throw new WebConfigException(KEY + ": min_version is above max_version");
    }
    parameters.setProtocols(
        VERSIONS.subList(first, last + 1).stream()
            .map(version -> version.replaceFirst("TLS1(\\d)", "TLSv1.$1"))
            .toArray(String[]::new));
    List<String> suites = part.texts("cipher_suites");
    if (!suites.isEmpty()) {
      parameters.setCipherSuites(suites(context, suites));
    }
    parameters.setUseCipherSuitesOrder(part.isTrue("prefer_server_cipher_suites", true));
    List<String> curves = part.texts("curve_preferences");
    if (!curves.isEmpty()) {
      parameters.setNamedGroups(curves(curves));
    }
    if (clients.requires()) {
      parameters.setNeedClientAuth(true);
    } else {
      parameters.setWantClientAuth(clients.requests());
    }
    return parameters;
  }

  private int version(String name, int otherwise) throws WebConfigException {
    String version = part.text(name);
    if (version.isEmpty()) {
      return otherwise;
    }
    if (OLD_VERSIONS.contains(version) && name.startsWith("min")) {
      return 0; // Those between are not spoken, for they are not safe.
    }
    if (!VERSIONS.contains(version)) {
      throw new WebConfigException(
          "%s: %s must be %s; older ones are not safe"
              .formatted(KEY, name, String.join(" or ", VERSIONS)));
    }
    return VERSIONS.indexOf(version);
  }

  /** Those of TLS 1.2 that are asked for, and all of 1.3, as the format has it. */
  private static String[] suites(SSLContext context, List<String> wanted)
      throws WebConfigException {
    List<String> strangers = new ArrayList<>(wanted);
    strangers.removeIf(suite -> SUITES.matcher(suite).matches());
    if (!strangers.isEmpty()) {
      throw new WebConfigException(
          "%s: cipher_suites has %s, which exporters do not have"
              .formatted(KEY, String.join(", ", strangers)));
    }
    List<String> known = List.of(context.getSupportedSSLParameters().getCipherSuites());
    if (Collections.disjoint(known, wanted)) {
      throw new WebConfigException(KEY + ": cipher_suites has none that Java has");
    }
    Set<String> all = new LinkedHashSet<>(known);
    all.removeIf(suite -> suite.contains("_WITH_"));
    all.addAll(wanted);
    all.retainAll(known);
    return all.toArray(String[]::new);
  }

  private static String[] curves(List<String> wanted) throws WebConfigException {
    List<String> strangers = new ArrayList<>(wanted);
    strangers.removeAll(CURVES.keySet());
    if (!strangers.isEmpty()) {
      throw new WebConfigException(
          "%s: curve_preferences has %s; known are %s"
              .formatted(
                  KEY,
                  String.join(", ", strangers),
                  String.join(", ", new TreeSet<>(CURVES.keySet()))));
    }
    return wanted.stream().map(CURVES::get).toArray(String[]::new);
  }
}
