package io.github.portpool.e2e;

import io.github.portpool.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The agent, running as a process of its own in the network namespace of the calling thread. */
public final class AgentProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening on (\\S+):(\\d+)\"?}?$");
  private static final String TIMESTAMP = "portpool_sample_timestamp_seconds{netns=\"host\"}";
  private static final long DEADLINE_SECONDS = 180;

  private final Process process;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private AgentProcess(Process process) {
    this.process = process;
    this.reader =
        Thread.ofPlatform()
            .daemon()
            .start(() -> process.errorReader(StandardCharsets.UTF_8).lines().forEach(log::add));
  }

  /** Serves on a free port of 127.0.0.1 and returns when the agent is ready. */
  public static AgentProcess serve(String... options) throws Exception {
    return start(Program.process(arguments(options)));
  }

  /** Serves on a free port of 127.0.0.1 and returns when the agent listens, by TLS perhaps. */
  public static AgentProcess listening(String... options) throws Exception {
    return listening(Program.process(arguments(options)));
  }

  /** Starts an agent in some other way and returns when it listens. */
  public static AgentProcess listening(ProcessBuilder builder) throws Exception {
    AgentProcess agent =
        new AgentProcess(builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start());
    try {
      agent.address();
      return agent;
    } catch (Exception | Error e) {
      agent.close();
      throw e;
    }
  }

  /** The arguments that serve on a free port of 127.0.0.1. */
  public static String[] arguments(String... options) {
    List<String> arguments = new ArrayList<>();
    arguments.add("serve");
    arguments.add("--web.listen-address=127.0.0.1:0");
    arguments.addAll(List.of(options));
    return arguments.toArray(String[]::new);
  }

  /** Starts an agent in some other way and returns when it is ready. */
  public static AgentProcess start(ProcessBuilder builder) throws Exception {
    AgentProcess agent = listening(builder);
    try {
      agent.awaitReady();
      return agent;
    } catch (Exception | Error e) {
      agent.close();
      throw e;
    }
  }

  private void awaitReady() throws Exception {
    Http http = http();
    Await.until("it is ready", () -> http.get("/-/ready").status() == 200);
  }

  /** Talks to the address that it listens on. */
  public Http http() throws Exception {
    return http(0);
  }

  /** Talks to one of several addresses, in the order of the command line. */
  public Http http(int index) throws Exception {
    return new Http(address(index));
  }

  /** The address that it listens on. */
  public InetSocketAddress address() throws Exception {
    return address(0);
  }

  private InetSocketAddress address(int index) throws Exception {
    Await.until("it listens or has ended", () -> addresses().size() > index || !reader.isAlive());
    List<InetSocketAddress> addresses = addresses();
    if (addresses.size() <= index) {
      throw new AssertionError("it has ended: " + log);
    }
    return addresses.get(index);
  }

  private List<InetSocketAddress> addresses() throws IOException {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String line : log) {
      Matcher matcher = LISTENING.matcher(line);
      if (matcher.find()) {
        InetAddress address = InetAddress.getByName(matcher.group(1));
        addresses.add(new InetSocketAddress(address, Integer.parseInt(matcher.group(2))));
      }
    }
    return addresses;
  }

  /** The metrics of its last sample. */
  public Scrape scrape() throws Exception {
    return Scrape.of(http().get("/metrics").text());
  }

  /** The metrics of a sample that began after this call: what the caller did before is in them. */
  public Scrape scrapeNext() throws Exception {
    double now = System.currentTimeMillis() / 1e3;
    AtomicReference<Scrape> next = new AtomicReference<>();
    Await.until(
        "there is a new sample",
        () -> {
          next.set(scrape());
          return next.get().value(TIMESTAMP) > now;
        });
    return next.get();
  }

  /** Waits for a line on standard error that has some words in it. */
  public void awaitLog(String words) throws Exception {
    Await.until("it says: " + words, () -> log.stream().anyMatch(line -> line.contains(words)));
  }

  /** The lines on standard error so far; all of them once it is stopped. */
  public List<String> log() {
    return List.copyOf(log);
  }

  public long pid() {
    return process.pid();
  }

  /** Ends it with SIGTERM and returns its exit code. */
  public int stop() throws InterruptedException {
    // Process.destroy() would close the pipe as well and lose the last lines.
    process.toHandle().destroy();
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("SIGTERM does not end it: " + log);
    }
    reader.join();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
