package io.github.portpool.cli;

import io.github.portpool.export.json.HistoryJson;
import io.github.portpool.lookup.LastSeen;
import io.github.portpool.lookup.LookupException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a running agent remembers of ports, asked over HTTP; one that is silent is asked once. */
final class AgentHistory {
  private static final int CONNECT_MILLIS = 500;
  private static final int READ_MILLIS = 5000; // the agent looks for the port as well
  private static final int MOST_BYTES = 1 << 20;

  private final URI agent;
  private boolean silent;

  AgentHistory(URI agent) {
    this.agent = agent;
  }

  /**
   * What the agent saw on a port, or null where no agent answers or it remembers nothing at all.
   *
   * @throws LookupException when something answers that is no help
   */
  @Nullable List<LastSeen> of(int port) throws LookupException {
    if (silent) {
      return null;
    }
    HttpURLConnection connection;
    try {
      connection = connect(port);
    } catch (IOException e) {
      silent = true;
      return null;
    }
    try {
      return read(connection);
    } catch (IOException e) {
      throw useless("breaks off (" + e.getMessage() + ")");
    } finally {
      connection.disconnect();
    }
  }

  private HttpURLConnection connect(int port) throws IOException {
    String base = agent.toString().replaceFirst("/+$", "");
    URI page = URI.create(base + "/api/v1/ports/" + port);
    HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Accept", "application/json");
    connection.connect();
    return connection;
  }

  private @Nullable List<LastSeen> read(HttpURLConnection connection)
      throws IOException, LookupException {
    int status = connection.getResponseCode();
    if (status != HttpURLConnection.HTTP_OK) {
      throw useless("refuses it (HTTP status " + status + ")");
    }
    try (InputStream in = connection.getInputStream()) {
      byte[] body = in.readNBytes(MOST_BYTES + 1);
      if (body.length > MOST_BYTES) {
        throw useless("says more than 1 MB");
      }
      return HistoryJson.read(new String(body, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw useless("says something else");
    }
  }

  private LookupException useless(String what) {
    return new LookupException(
        "no history, because what answers at "
            + agent
            + " "
            + what
            + ": name a portpool agent with --agent",
        0);
  }

  /** Why there is no history where no agent answers. */
  String silence() {
    return "no agent answers at " + agent + ", so there is no history";
  }
}
