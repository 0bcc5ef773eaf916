package io.github.portpool.export.web.config;

import java.util.List;

/**
 * What is asked of clients, by the names that exporters have from Go's crypto/tls ({@code
 * ClientAuthType}).
 *
 * @param label its name in the file
 * @param requests whether a client is asked for a certificate
 * @param requires whether a client without one is refused
 * @param verifies whether a certificate must come from one of the client authorities
 */
record ClientAuthType(String label, boolean requests, boolean requires, boolean verifies) {
  /** All there are, the one that counts where nothing is said first. */
  static final List<ClientAuthType> ALL =
      List.of(
          new ClientAuthType("NoClientCert", false, false, false),
          new ClientAuthType("RequestClientCert", true, false, false),
          new ClientAuthType("RequireAnyClientCert", true, true, false),
          new ClientAuthType("RequireClientCert", true, true, false), // its older name
          new ClientAuthType("VerifyClientCertIfGiven", true, false, true),
          new ClientAuthType("RequireAndVerifyClientCert", true, true, true));
}
