package io.github.portpool.export.web.config;

import com.sun.net.httpserver.Headers;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Basic authentication, RFC 7617. */
public final class BasicAuth {
  private static final String SCHEME = "Basic ";

  /** What came of a user and password. */
  public enum Verdict {
    /** The user is who it claims to be, or nobody is asked. */
    GRANTED,
    /** There is no such user with this password. */
    REFUSED,
    /** Too many passwords are being checked: ask again. */
    BUSY
  }

  private static final CompletableFuture<Verdict> REFUSED =
      CompletableFuture.completedFuture(Verdict.REFUSED);

  private final Passwords passwords = new Passwords();

  BasicAuth() {}

  /**
   * Checks the one Authorization header of a request.
   *
   * @param users the bcrypt hash of each user's password, empty to ask for none
   */
  CompletableFuture<Verdict> check(Map<String, String> users, InetAddress client, Headers request) {
    if (users.isEmpty()) {
      return CompletableFuture.completedFuture(Verdict.GRANTED);
    }
    List<String> values = request.getOrDefault("Authorization", List.of());
    if (values.size() != 1
        || !values.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return REFUSED;
    }
    String credentials;
    try {
      byte[] decoded = Base64.getDecoder().decode(values.getFirst().substring(SCHEME.length()));
      credentials = new String(decoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return REFUSED;
    }
    int colon = credentials.indexOf(':');
    return colon < 0
        ? REFUSED
        : passwords.check(
            users, client, credentials.substring(0, colon), credentials.substring(colon + 1));
  }
}
