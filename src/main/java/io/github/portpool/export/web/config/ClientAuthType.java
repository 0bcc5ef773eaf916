package io.github.portpool.export.web.config;

/**
 * What is asked of clients, by the names that exporters have from Go's crypto/tls ({@code
 * ClientAuthType}).
 */
enum ClientAuthType {
  NO_CLIENT_CERT("NoClientCert", false, false, false),
  REQUEST_CLIENT_CERT("RequestClientCert", true, false, false),
  REQUIRE_ANY_CLIENT_CERT("RequireAnyClientCert", true, true, false),
  VERIFY_CLIENT_CERT_IF_GIVEN("VerifyClientCertIfGiven", true, false, true),
  REQUIRE_AND_VERIFY_CLIENT_CERT("RequireAndVerifyClientCert", true, true, true);

  private final String label;
  private final boolean requests;
  private final boolean requires;
  private final boolean verifies;

  ClientAuthType(String label, boolean requests, boolean requires, boolean verifies) {
    this.label = label;
    this.requests = requests;
    this.requires = requires;
    this.verifies = verifies;
  }

  /** Its name in the file. */
  String label() {
    return label;
  }

  /** Whether a client is asked for a certificate. */
  boolean requests() {
    return requests;
  }

  /** Whether a client without one is refused. */
  boolean requires() {
    return requires;
  }

  /** Whether a certificate must come from one of the client authorities. */
  boolean verifies() {
    return verifies;
  }
}
