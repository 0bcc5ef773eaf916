package io.github.portpool.e2e.web;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.portpool.e2e.Needs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Headless Chromium with one page, in the network namespace of the thread that starts it.
 *
 * <p>It is told what to do over the DevTools protocol on its standard input and output, which its
 * {@code --remote-debugging-pipe} expects as file descriptors 3 and 4.
 */
final class Browser implements AutoCloseable {
  private static final String CHROMIUM = "/usr/bin/chromium";
  private static final long DEADLINE_SECONDS = 180;
  private static final Gson GSON = new Gson();

  /** Something that happened to the page: a method of the protocol and its parameters. */
  record Event(String method, JsonObject parameters) {}

  private final Process process;
  private final Path profile;
  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private String session = "";

  private Browser(Process process, Path profile) {
    this.process = process;
    this.profile = profile;
    Thread.ofPlatform().daemon().name("browser").start(this::read);
  }

  /** Starts it with an empty page; skips the test where Chromium is missing. */
  static Browser start() throws Exception {
    Needs.program(CHROMIUM, "chromium");
    Path profile = Files.createTempDirectory("portpool-browser");
    String command =
        String.join(
            " ",
            "exec",
            CHROMIUM,
            "--headless=new --no-sandbox --disable-gpu --disable-background-networking",
            "--disable-dev-shm-usage --no-first-run --hide-scrollbars --remote-debugging-pipe",
            "--user-data-dir=" + profile,
            "about:blank 3<&0 4>&1 >/dev/null 2>&1 </dev/null");
    Browser browser = new Browser(new ProcessBuilder("sh", "-c", command).start(), profile);
    try {
      browser.attach();
      return browser;
    } catch (Exception | Error e) {
      browser.close();
      throw e;
    }
  }

  private void attach() throws Exception {
    String target =
        call("Target.createTarget", Map.of("url", "about:blank")).get("targetId").getAsString();
    session =
        call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .get("sessionId")
            .getAsString();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  private void read() {
    try (InputStream in = process.getInputStream()) {
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next != 0) {
          message.write(next);
          continue;
        }
        receive(GSON.fromJson(message.toString(StandardCharsets.UTF_8), JsonObject.class));
        message.reset();
      }
      answers
          .values()
          .forEach(answer -> answer.completeExceptionally(new IOException("Chromium has ended")));
    } catch (IOException e) {
      answers.values().forEach(answer -> answer.completeExceptionally(e));
    }
  }

  private void receive(JsonObject message) {
    if (message.has("id")) {
      CompletableFuture<JsonObject> answer = answers.remove(message.get("id").getAsInt());
      if (answer != null) {
        answer.complete(message);
      }
    } else {
      events.add(new Event(message.get("method").getAsString(), message.getAsJsonObject("params")));
    }
  }

  /** Calls a method of the protocol and returns its result. */
  JsonObject call(String method, Map<String, ?> parameters) throws Exception {
    JsonObject message = new JsonObject();
    int id = lastId.incrementAndGet();
    message.addProperty("id", id);
    message.addProperty("method", method);
    message.add("params", GSON.toJsonTree(parameters));
    if (!session.isEmpty()) {
      message.addProperty("sessionId", session);
    }
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    answers.put(id, answer);
    OutputStream out = process.getOutputStream();
    synchronized (out) {
      out.write(GSON.toJson(message).getBytes(StandardCharsets.UTF_8));
      out.write(0);
      out.flush();
    }
    JsonObject result = answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    if (result.has("error")) {
      throw new IOException(method + ": " + result.get("error"));
    }
    return result.getAsJsonObject("result");
  }

  /** What happened so far, by a method of the protocol. */
  List<JsonObject> events(String method) {
    return events.stream()
        .filter(event -> event.method().equals(method))
        .map(Event::parameters)
        .toList();
  }

  /** Forgets what happened, and opens a page. */
  void open(String url) throws Exception {
    events.clear();
    call("Page.navigate", Map.of("url", url));
    await("the page loads", () -> !events("Page.loadEventFired").isEmpty());
  }

  /** The value of an expression of JavaScript in the page; promises are awaited. */
  JsonElement evaluate(String expression) throws Exception {
    JsonObject result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + result.get("exceptionDetails"));
    }
    JsonElement value = result.getAsJsonObject("result").get("value");
    return value == null ? JsonNull.INSTANCE : value;
  }

  /** Waits until an expression of JavaScript is true. */
  void awaitTrue(String expression) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!isTrue(expression)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("stays false: " + expression + "; " + errors());
      }
      Thread.sleep(20);
    }
  }

  private boolean isTrue(String expression) throws Exception {
    try {
      return evaluate("Boolean(" + expression + ")").getAsBoolean();
    } catch (IOException e) {
      return false; // another page is just coming
    }
  }

  private void await(String what, BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline || !process.isAlive()) {
        throw new AssertionError("never happens: " + what);
      }
      Thread.sleep(10);
    }
  }

  /** What went wrong in the page: exceptions, refused content, errors on the console, dialogs. */
  List<String> errors() {
    List<String> errors = new ArrayList<>();
    for (Event event : events) {
      switch (event.method()) {
        case "Runtime.exceptionThrown",
            "Page.javascriptDialogOpening",
            "Runtime.consoleAPICalled" ->
            errors.add(event.toString());
        case "Log.entryAdded" -> {
          JsonObject entry = event.parameters().getAsJsonObject("entry");
          if (entry.get("level").getAsString().equals("error")) {
            errors.add(entry.toString());
          }
        }
        default -> {}
      }
    }
    return errors;
  }

  /** The addresses that the page has asked for. */
  List<String> requests() {
    return events("Network.requestWillBeSent").stream()
        .map(request -> request.getAsJsonObject("request").get("url").getAsString())
        .toList();
  }

  /** The size of the window in CSS pixels, how dense its pixels are, and its color scheme. */
  void look(int width, int height, double density, String scheme) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", density, "mobile", false));
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Moves the mouse to a place in the window, in CSS pixels. */
  void point(double x, double y) throws Exception {
    mouse("mouseMoved", x, y, "none", 0);
  }

  /** Clicks at a place in the window. */
  void click(double x, double y) throws Exception {
    mouse("mousePressed", x, y, "left", 1);
    mouse("mouseReleased", x, y, "left", 1);
  }

  private void mouse(String type, double x, double y, String button, int clicks) throws Exception {
    call(
        "Input.dispatchMouseEvent",
        Map.of("type", type, "x", x, "y", y, "button", button, "clickCount", clicks));
  }

  /** Presses a key by its name, for example {@code ArrowDown}. */
  void press(String key, int code) throws Exception {
    Map<String, Object> parameters =
        key.equals("Enter")
            ? Map.of(
                "type",
                "keyDown",
                "key",
                key,
                "code",
                key,
                "windowsVirtualKeyCode",
                code,
                "text",
                "\r")
            : Map.of("type", "rawKeyDown", "key", key, "code", key, "windowsVirtualKeyCode", code);
    call("Input.dispatchKeyEvent", parameters);
    call(
        "Input.dispatchKeyEvent",
        Map.of("type", "keyUp", "key", key, "code", key, "windowsVirtualKeyCode", code));
  }

  /** A picture of the window as PNG. */
  byte[] picture() throws Exception {
    JsonObject result = call("Page.captureScreenshot", Map.of("format", "png"));
    return Base64.getDecoder().decode(result.get("data").getAsString());
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.addFirst(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(handle -> handle.onExit().join());
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
