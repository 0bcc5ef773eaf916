package io.github.portpool.cli;

import io.github.portpool.export.json.HistoryJson;
import io.github.portpool.host.Trouble;
import io.github.portpool.lookup.LastSeen;
import io.github.portpool.lookup.LookupException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a running agent remembers of ports, asked over HTTP one after the other.
 *
 * <p>All questions together take 3 s at most, however slowly the answers drip; after the first that
 * fails nothing more is asked.
 */
final class AgentHistory {
  private static final int CONNECT_MILLIS = 500;
  private static final int MOST_SECONDS = 3;
  private static final int MOST_BYTES = 1 << 20;

  private final URI agent;
  private final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
  private boolean answered;
  private String absence = "";
  private String trouble = "";

  AgentHistory(URI agent) {
    this.agent = agent;
  }

  /** What the agent saw on a port, or null where that is not known: {@link #absence} says why. */
  @Nullable List<LastSeen> of(int port) {
    if (!absence.isEmpty()) {
      absence = "no history either: the agent was not asked again";
      return null;
    }
    List<LastSeen> history = null;
    try {
      history = askInTime(port);
      answered |= history != null;
      absence = history == null ? "no agent answers at " + agent + ", so there is no history" : "";
    } catch (LookupException e) {
      trouble = e.message();
      absence = trouble;
    }
    return history;
  }

  /** Why the last port that was asked for has no history, where it has none. */
  String absence() {
    return absence;
  }

  /** What is wrong with the agent that answers, or empty: to have none is in order. */
  String trouble() {
    return trouble;
  }

  /** Leaves a thread behind that waits for the rest, if it takes too long. */
  private @Nullable List<LastSeen> askInTime(int port) throws LookupException {
    FutureTask<@Nullable List<LastSeen>> question = new FutureTask<>(() -> ask(port));
    Thread.ofVirtual().start(question);
    try {
      return question.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw answered ? cutShort() : useless("takes longer than " + MOST_SECONDS + " s");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof LookupException known
          ? known
          : useless("breaks off (" + Trouble.reason(e) + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cutShort();
    }
  }

  private @Nullable List<LastSeen> ask(int port) throws LookupException {
    HttpURLConnection connection;
    try {
      connection = connect(port);
    } catch (IOException e) {
      return null;
    }
    try {
      return read(connection);
    } catch (IOException e) {
      throw useless("breaks off (" + Trouble.reason(e) + ")");
    } finally {
      connection.disconnect();
    }
  }

  private HttpURLConnection connect(int port) throws IOException {
    String base = agent.toString().replaceFirst("/+$", "");
    URI page = URI.create(base + "/api/v1/ports/" + port);
    HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(CONNECT_MILLIS);
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
        "no history, because what answers at %s %s: name a portpool agent with --agent"
            .formatted(agent, what),
        0);
  }

  private LookupException cutShort() {
    return new LookupException(
        "the history is cut short, for the agent at %s takes longer than %d s: ask for fewer ports"
            .formatted(agent, MOST_SECONDS),
        0);
  }
}
