package io.github.portpool.lookup;

/**
 * A service that IANA has registered for a port: RFC 6335, section 8.
 *
 * @param name the service name, for example {@code https}
 * @param protocol the transport protocol in lower case: {@code tcp}, {@code udp}, {@code sctp},
 *     {@code dccp}
 * @param description what the registry says of it
 */
public record RegisteredService(String name, String protocol, String description) {}
