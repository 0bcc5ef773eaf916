package io.github.portpool.export.web.config;

import io.github.portpool.host.Trouble;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads a web configuration file, in the format that Prometheus' exporters share: exporter-toolkit,
 * {@code docs/web-configuration.md}.
 */
final class WebConfigReader {
  /** By their names the values that they may have, none where they may have any. */
  private static final Map<String, List<String>> HEADERS =
      Map.of(
          "Content-Security-Policy", List.of(),
          "X-Frame-Options", List.of("deny", "sameorigin"),
          "X-Content-Type-Options", List.of("nosniff"),
          "X-XSS-Protection", List.of(),
          "Strict-Transport-Security", List.of());

  /**
   * Modular crypt format: version, cost, 22 characters of salt and 31 of hash. A check at cost 18
   * takes half a minute, and each step doubles it.
   */
  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[abxy]\\$(0[4-9]|1[0-8])\\$[./A-Za-z0-9]{53}");

  private final ConfigFolder folder;
  private final Path file;

  /** A reader of a file and of those that it names. */
  WebConfigReader(Path file) {
    this.file = file;
    this.folder = new ConfigFolder(file);
  }

  /** The files that it has read, or tried to. */
  Map<Path, FileStamp> stamps() {
    return folder.stamps();
  }

  /** Reads it all. */
  WebConfig read() throws WebConfigException {
    String text = folder.read(String.valueOf(file.getFileName()));
    YamlMapping all = new YamlMapping("the file", parse(text));
    all.allowOnly(Set.of("tls_server_config", "http_server_config", "basic_auth_users"));
    boolean tls = all.has("tls_server_config");
    return new WebConfig(
        tls ? new TlsServerConfig(all.mapping("tls_server_config"), folder).settings() : null,
        all.has("basic_auth_users") ? users(all.mapping("basic_auth_users")) : Map.of(),
        headers(all.mapping("http_server_config")));
  }

  private static Object parse(String text) throws WebConfigException {
    try {
      Object node = new Load(LoadSettings.builder().build()).loadFromString(text);
      return node == null ? Map.of() : node;
    } catch (MarkedYamlEngineException e) {
      // Its own text would quote the line, which may be a secret.
      String line = e.getProblemMark().map(mark -> "line " + (mark.getLine() + 1)).orElse("it");
      throw new WebConfigException("it is not YAML: " + line + ": " + e.getProblem());
    } catch (StackOverflowError e) {
      throw new WebConfigException("it is nested too deeply");
    } catch (YamlEngineException e) {
      throw new WebConfigException("it is not YAML: " + Trouble.reason(e));
    }
  }

  private static Map<String, String> users(YamlMapping users) throws WebConfigException {
    Map<String, String> hashes = new TreeMap<>();
    if (users.keys().isEmpty()) {
      throw new WebConfigException("basic_auth_users names nobody: leave it out to ask nobody");
    }
    for (String user : users.keys()) {
      String hash = users.text(user);
      if (!BCRYPT.matcher(hash).matches()) {
        throw new WebConfigException(
            "the password of %s is not hashed with bcrypt at a cost of 4 to 18: make it with htpasswd -nBC 10 \"\" | tr -d ':\\n'"
                .formatted(user));
      }
      hashes.put(user, hash);
    }
    return hashes;
  }

  private static Map<String, String> headers(YamlMapping server) throws WebConfigException {
    server.allowOnly(Set.of("http2", "headers"));
    server.isTrue("http2", true); // HTTP/1.1 is what is spoken here, whatever it says
    YamlMapping headers = server.mapping("headers");
    headers.allowOnly(HEADERS.keySet());
    Map<String, String> values = new TreeMap<>();
    for (String name : headers.keys()) {
      String value = headers.text(name);
      if (value.chars().anyMatch(c -> c < ' ' || c > '~')) {
        throw new WebConfigException("the header " + name + " holds more than ASCII text");
      }
      List<String> known = HEADERS.getOrDefault(name, List.of());
      if (!known.isEmpty() && !known.contains(value)) {
        throw new WebConfigException(
            "the header %s must be %s".formatted(name, String.join(" or ", known)));
      }
      values.put(name, value);
    }
    return values;
  }
}
