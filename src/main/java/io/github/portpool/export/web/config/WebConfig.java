package io.github.portpool.export.web.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a web configuration file says, checked and ready to use.
 *
 * @param tls how to serve by TLS, null to serve plain HTTP
 * @param users the bcrypt hash of each user's password; nobody is asked for one where it is empty
 * @param headers further headers of every answer; an empty value takes away portpool's own
 */
record WebConfig(
    @Nullable TlsSettings tls, Map<String, String> users, Map<String, String> headers) {
  /** Plain HTTP for everybody. */
  static final WebConfig NONE = new WebConfig(null, Map.of(), Map.of());
}
