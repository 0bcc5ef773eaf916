package io.github.portpool.cli;

import io.github.portpool.export.json.HistoryJson;
import io.github.portpool.host.Trouble;
import io.github.portpool.lookup.LastSeen;
import io.github.portpool.lookup.LookupException;
import io.github.portpool.table.EphemeralPorts;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
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
  private static final int MOST_SECONDS = 3;
  private static final int MOST_CHARACTERS = 1 << 20;
  private static final int OK = 200;

  private final URI agent;
  private final EphemeralPorts pool;
  private final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
  private boolean answered;
  private String absence = "";
  private String trouble = "";

  /** Questions to an agent, from a host with a pool of ports. */
  AgentHistory(URI agent, EphemeralPorts pool) {
    this.agent = agent;
    this.pool = pool;
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
    String base = agent.toString().replaceFirst("/+$", "");
    HttpGet question;
    try {
      question = new HttpGet(URI.create(base + "/api/v1/ports/" + port), pool);
    } catch (BindException e) {
      throw new LookupException(
          "no history: nobody could be asked at %s, for this program itself got no address and port to connect from (EADDRNOTAVAIL)"
              .formatted(agent),
          0);
    } catch (IOException e) {
      return null;
    }
    try (question) {
      return read(question.ask(MOST_CHARACTERS + 1));
    } catch (IOException e) {
      throw useless("breaks off (" + Trouble.reason(e) + ")");
    }
  }

  private @Nullable List<LastSeen> read(HttpGet.Answer answer) throws LookupException {
    if (answer.status() != OK) {
      throw useless("refuses it (HTTP status " + answer.status() + ")");
    }
    if (answer.body().length() > MOST_CHARACTERS) {
      throw useless("says more than 1 MB");
    }
    try {
      return HistoryJson.read(answer.body());
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
