package io.github.portpool.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The agent, running as a process of its own in the network namespace of the calling thread. */
final class AgentProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening on [^/]*/(\\S+):(\\d+)$");
  private static final long DEADLINE_SECONDS = 30;

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
  static AgentProcess serve(String... options) throws Exception {
    return start(Program.process(arguments(options)));
  }

  /** Serves on a free port of 127.0.0.1 and returns when the agent listens, by TLS perhaps. */
  static AgentProcess listening(String... options) throws Exception {
    return listening(Program.process(arguments(options)));
  }

  /** Starts an agent in some other way and returns when it listens. */
  static AgentProcess listening(ProcessBuilder builder) throws Exception {
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
  static String[] arguments(String... options) {
    List<String> arguments = new ArrayList<>();
    arguments.add("serve");
    arguments.add("--web.listen-address=127.0.0.1:0");
    arguments.addAll(List.of(options));
    return arguments.toArray(String[]::new);
  }

  /** Starts an agent in some other way and returns when it is ready. */
  static AgentProcess start(ProcessBuilder builder) throws Exception {
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
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    Http http = http();
    while (http.get("/-/ready").status() != 200) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("it does not get ready: " + log);
      }
      Thread.sleep(20);
    }
  }

  /** Talks to the address that it listens on. */
  Http http() throws Exception {
    return http(0);
  }

  /** Talks to one of several addresses, in the order of the command line. */
  Http http(int index) throws Exception {
    return new Http(address(index));
  }

  /** The address that it listens on. */
  InetSocketAddress address() throws Exception {
    return address(0);
  }

  private InetSocketAddress address(int index) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (true) {
      List<InetSocketAddress> addresses = addresses();
      if (addresses.size() > index) {
        return addresses.get(index);
      }
      if (!reader.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("it does not listen: " + log);
      }
      Thread.sleep(5);
    }
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
  Scrape scrape() throws Exception {
    return Scrape.of(http().get("/metrics").text());
  }

  /** The lines on standard error so far; all of them once it is stopped. */
  List<String> log() {
    return List.copyOf(log);
  }

  long pid() {
    return process.pid();
  }

  /** Ends it with SIGTERM and returns its exit code. */
  int stop() throws InterruptedException {
    // Process.destroy() would close the pipe as well and lose the last lines.
    process.toHandle().destroy();
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("SIGTERM does not end it: " + log);
    }
    reader.join(TimeUnit.SECONDS.toMillis(5));
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
