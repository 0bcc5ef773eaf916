package io.github.portpool.export.web.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.portpool.NeedsHost;
import io.github.portpool.e2e.Certificates;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What exporter-toolkit makes of a web configuration file, by promtool(1), counts here too; {@code
 * TLS} stands for a certificate and its key.
 */
@NeedsHost
class ExporterToolkitTest {
  private static final String PROMTOOL = "/usr/bin/promtool";
  private static final String HASH = "abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2";

  @TempDir private static Path folder;

  @BeforeAll
  static void issue() throws Exception {
    Needs.program(PROMTOOL, "prometheus");
    new Certificates(folder).server("server", 30);
    Files.copy(folder.resolve("ca.key"), folder.resolve("no.crt"));
  }

  private static Path written(String text) throws Exception {
    String all =
        text.replace("TLS,", "cert_file: server.crt, key_file: server.key,").replace("HASH", HASH);
    return Files.writeString(folder.resolve("web.yml"), all + "\n");
  }

  private static String judged(Path file) {
    try {
      LiveWebConfig.of(file);
      return "";
    } catch (WebConfigException e) {
      return e.message();
    }
  }

  private static String judgedByToolkit(Path file) throws Exception {
    Program.Outcome outcome =
        Program.run(new ProcessBuilder(PROMTOOL, "check", "web-config", file.toString()));
    return outcome.exitCode() == 0 ? "" : String.join("\n", outcome.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tls_server_config: {TLS, }",
        "tls_server_config: {TLS, client_auth_type: NoClientCert}",
        "tls_server_config: {TLS, client_auth_type: RequestClientCert}",
        "tls_server_config: {TLS, client_auth_type: RequestClientCert, client_ca_file: ca.crt}",
        "tls_server_config: {TLS, client_auth_type: RequireClientCert}",
        "tls_server_config: {TLS, client_auth_type: RequireClientCert, client_ca_file: ca.crt}",
        "tls_server_config: {TLS, client_auth_type: RequireAnyClientCert}",
        "tls_server_config: {TLS, client_auth_type: RequireAnyClientCert, client_ca_file: ca.crt}",
        "tls_server_config: {TLS, client_auth_type: VerifyClientCertIfGiven}",
        "tls_server_config: {TLS, client_auth_type: VerifyClientCertIfGiven, client_ca_file: ca.crt}",
        "tls_server_config: {TLS, client_auth_type: RequireAndVerifyClientCert}",
        "tls_server_config: {TLS, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt}",
        "tls_server_config: {TLS, min_version: TLS10}",
        "tls_server_config: {TLS, min_version: TLS11, max_version: TLS12}",
        "tls_server_config: {TLS, min_version: TLS13, max_version: TLS13}",
        "tls_server_config: {TLS, cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]}",
        "tls_server_config: {TLS, cipher_suites: [TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, TLS_AES_128_GCM_SHA256]}",
        "tls_server_config: {TLS, cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA], prefer_server_cipher_suites: no}",
        "tls_server_config: {TLS, curve_preferences: [CurveP256, CurveP384, CurveP521, X25519]}",
        "tls_server_config: {TLS, cipher_suites: [], curve_preferences: }",
        "http_server_config: {http2: off}",
        "http_server_config: {headers: {X-XSS-Protection: 1}}",
        "http_server_config: {headers: {X-XSS-Protection: true}}",
        "http_server_config: {headers: {X-XSS-Protection: }}",
        "http_server_config: {headers: {X-Frame-Options: deny, X-Content-Type-Options: nosniff}}",
        "http_server_config: {headers: {X-Frame-Options: sameorigin}}",
        "http_server_config: {headers: {Strict-Transport-Security: 3600, Content-Security-Policy: ''}}",
        "basic_auth_users: {alice: $2y$04$HASH, bob: $2a$12$HASH, 7: $2b$18$HASH}",
      })
  void whatItTakesIsTaken(String text) throws Exception {
    Path file = written(text);
    assertEquals("", judgedByToolkit(file));
    assertEquals("", judged(file));
  }

  /** What newer ones take, which Debian's promtool is too old for. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "tls_server_config: {TLS, client_auth_type: RequireAnyClientCert, client_allowed_sans: [a, 1]}",
        "tls_server_config: {TLS, client_auth_type: RequireAndVerifyClientCert, client_allowed_sans: []}",
        "tls_server_config: {TLS, client_auth_type: , client_ca_file: , client_allowed_sans: }",
        "tls_server_config: {TLS, cert: ignored}",
      })
  void whatNewerOnesTakeIsTaken(String text) throws Exception {
    assertEquals("", judged(written(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "junk",
        "- junk",
        "junk: 1",
        "tls_server_config: {TLS, junk: 1}",
        "tls_server_config: {TLS, client_auth_type: x}",
        "tls_server_config: {TLS, client_auth_type: noclientcert}",
        "tls_server_config: {TLS, client_ca_file: ca.crt}",
        "tls_server_config: {TLS, client_ca_file: ca.crt, client_auth_type: NoClientCert}",
        "tls_server_config: {TLS, client_ca_file: none.crt, client_auth_type: RequireAnyClientCert}",
        "tls_server_config: {cert_file: server.crt, client_auth_type: x}",
        "tls_server_config: {key_file: server.key}",
        "tls_server_config: {cert_file: '', key_file: '', client_auth_type: x}",
        "tls_server_config: {cert_file: none.crt, key_file: server.key}",
        "tls_server_config: {cert_file: server.crt, key_file: none.key}",
        "tls_server_config: {cert_file: no.crt, key_file: server.key}",
        "tls_server_config: {cert_file: ca.crt, key_file: server.key}",
        "tls_server_config: {TLS, min_version: TLS111}",
        "tls_server_config: {TLS, max_version: tls12}",
        "tls_server_config: {TLS, cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]}",
        "tls_server_config: {TLS, cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256]}",
        "tls_server_config: {TLS, cipher_suites: [TLS_DHE_RSA_WITH_AES_128_GCM_SHA256]}",
        "tls_server_config: {TLS, cipher_suites: [invented]}",
        "tls_server_config: {TLS, cipher_suites: invented}",
        "tls_server_config: {TLS, curve_preferences: [CurveP192]}",
        "tls_server_config: {TLS, prefer_server_cipher_suites: perhaps}",
        "tls_server_config: {TLS, cert_file: server.crt}",
        "http_server_config: {http2: 2}",
        "http_server_config: {headers: {Server: x}}",
        "http_server_config: {headers: {x-frame-options: deny}}",
        "http_server_config: {headers: {X-Frame-Options: foo}}",
        "http_server_config: {headers: {X-Frame-Options: DENY}}",
        "http_server_config: {headers: {X-Frame-Options: }}",
        "http_server_config: {headers: {X-Content-Type-Options: sniff}}",
        "http_server_config: {headers: [X-Frame-Options]}",
        "basic_auth_users: {alice: }",
        "basic_auth_users: {alice: secret}",
        "basic_auth_users: {alice: $2y$03$HASH}",
        "basic_auth_users: {alice: $2y$32$HASH}",
        "basic_auth_users: [alice]",
      })
  void whatItRefusesIsRefused(String text) throws Exception {
    Path file = written(text);
    assertNotEquals("", judgedByToolkit(file));
    assertNotEquals("", judged(file));
  }

  /** Where portpool is stricter: what would serve nobody, or everybody by an oversight. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "tls_server_config:",
        "tls_server_config: {min_version: TLS13}",
        "tls_server_config: {TLS, min_version: TLS13, max_version: TLS12}",
        "tls_server_config: {TLS, max_version: TLS11}",
        "basic_auth_users:",
        "basic_auth_users: {alice: $2y$19$HASH}",
      })
  void theseAreRefusedHereAlone(String text) throws Exception {
    Path file = written(text);
    assertEquals("", judgedByToolkit(file));
    assertNotEquals("", judged(file));
  }
}
