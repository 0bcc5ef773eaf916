package io.github.portpool.export.web.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.e2e.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a web configuration file, and what is not. */
@NeedsHost
class LiveWebConfigTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void issue() throws Exception {
    new Certificates(folder).server("server", 30);
  }

  private static void read(String text) throws Exception {
    LiveWebConfig.of(Files.writeString(folder.resolve("web.yml"), text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tls_server_config: {cert_file: none.crt, key_file: server.key} | no such file or directory
          tls_server_config: {cert_file: server.crt} | tls_server_config needs key_file
          tls_server_config: {key_file: server.key} | tls_server_config needs cert_file
          tls_server_config: {cert_file: server.key, key_file: server.key} | has no certificate in PEM
          tls_server_config: {cert_file: ca.crt, key_file: server.key} | is not the key of ca.crt
          tls_server_config: {cert_file: server.crt, key_file: server.key, max_version: TLS11} | must be TLS12 or TLS13
          tls_server_config: {cert_file: server.crt, key_file: server.key, min_version: TLS9} | must be TLS12 or TLS13
          tls_server_config: {cert_file: server.crt, key_file: server.key, min_version: TLS13, max_version: TLS12} | min_version is above max_version
          tls_server_config: {cert_file: server.crt, key_file: server.key, client_auth_type: Always} | must be one of NoClientCert
          tls_server_config: {cert_file: server.crt, key_file: server.key, client_auth_type: VerifyClientCertIfGiven, client_allowed_sans: [x]} | client_allowed_sans needs
          tls_server_config: {cert_file: server.crt, key_file: server.key, client_ca_file: ca.crt} | client_ca_file needs client_auth_type
          tls_server_config: {cert_file: server.crt, key_file: server.key, client_allowed_sans: [x]} | client_allowed_sans needs
          tls_server_config: {cert_file: server.crt, key_file: server.key, cipher_suites: [RC4]} | which exporters do not have
          tls_server_config: {cert_file: server.crt, key_file: server.key, curve_preferences: [P0]} | curve_preferences has P0
          tls_server_config: {cert_file: [server.crt], key_file: server.key} | must be a string
          tls_server_config: yes please | must be a mapping
          tls_config: {} | tls_config, which is not known there
          basic_auth_users: {alice: secret} | the password of alice is not hashed with bcrypt
          basic_auth_users: {alice: $2y$19$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2} | at a cost of 4 to 18
          'basic_auth_users: {"a\\e[31m": secret}' | is not hashed with bcrypt
          basic_auth_users: {alice: } | the password of alice is not hashed with bcrypt
          basic_auth_users: | basic_auth_users names nobody
          basic_auth_users: {} | basic_auth_users names nobody
          tls_server_config: | tls_server_config needs cert_file
          tls_server_config: {cert_file: , key_file: } | tls_server_config needs cert_file
          tls_server_config: {cert_file: /dev/zero, key_file: server.key} | /dev/zero: it is not a regular file
          'tls_server_config: {cert_file: "a\\0b", key_file: server.key}' | is not the name of a file
          basic_auth_users: [alice] | must be a mapping
          http_server_config: {headers: {Server: x}} | Server, which is not known there
          http_server_config: {headers: {X-Frame-Options: foo}} | must be deny or sameorigin
          http_server_config: {headers: {X-Content-Type-Options: }} | must be nosniff
          http_server_config: {http2: 2} | http2 must be true or false
          'a: b: c' | it is not YAML: line 1
          """)
  void whatIsWrongIsSaidInOneLine(String text, String reason) {
    String sentence = assertThrows(WebConfigException.class, () -> read(text + "\n")).message();
    assertTrue(sentence.startsWith("the web configuration file " + folder), sentence);
    assertTrue(sentence.contains(reason), sentence);
    assertFalse(sentence.contains("secret"), sentence);
    assertTrue(sentence.chars().allMatch(c -> c >= ' '), "it holds an escape");
  }

  @Test
  void whatWouldTakeAllMemoryIsRefused() {
    for (String text : List.of("a: " + "[".repeat(50_000), bomb())) {
      String sentence = assertThrows(WebConfigException.class, () -> read(text)).message();
      assertTrue(sentence.length() < 200 + folder.toString().length(), sentence);
    }
    String large = "#".repeat(2 << 20);
    String sentence = assertThrows(WebConfigException.class, () -> read(large)).message();
    assertTrue(sentence.endsWith("is larger than 1 MiB: name the right one"), sentence);
  }

  /** Each list holds the one before nine times. */
  private static String bomb() {
    StringBuilder text = new StringBuilder("a: &a [x]\n");
    for (char name = 'b'; name < 'l'; name++) {
      String before = "*" + (char) (name - 1) + ", ";
      text.append(name).append(": &").append(name).append(" [").append(before.repeat(9));
      text.append("]\n");
    }
    return text.toString();
  }

  /** That of exporter-toolkit's documentation, with all that it has. */
  @Test
  void everythingThatExportersKnowIsAllowed() {
    assertDoesNotThrow(() ->
        read(
            """
            tls_server_config:
              cert_file: server.crt
              key_file: server.key
              client_auth_type: RequireAndVerifyClientCert
              client_ca_file: ca.crt
              client_allowed_sans: [prometheus.example, 10.0.0.1]
              min_version: TLS12
              max_version: TLS13
              cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]
              prefer_server_cipher_suites: true
              curve_preferences: [CurveP256, CurveP384, CurveP521, X25519]
            http_server_config:
              http2: true
              headers:
                Content-Security-Policy: default-src 'self'
                X-Frame-Options: deny
                X-Content-Type-Options: nosniff
                X-XSS-Protection: 1; mode=block
                Strict-Transport-Security: max-age=1
            basic_auth_users:
              alice: $2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2
              42: $2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2
            """));
  }
}
