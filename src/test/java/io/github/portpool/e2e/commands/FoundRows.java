package io.github.portpool.e2e.commands;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.portpool.e2e.Program.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rows of sockets in one form, {@code tcp listen 127.0.0.1:80 - 4711}, whoever showed them. */
final class FoundRows {
  private static final Map<String, String> STATES =
      Map.of("estab", "established", "unconn", "unconnected");
  private static final Pattern PID = Pattern.compile("pid=(\\d+)");

  private FoundRows() {}

  /** Parses what {@code portpool who --json} printed of ports. */
  static List<JsonObject> reports(Outcome outcome) {
    JsonElement json = new Gson().fromJson(String.join("\n", outcome.out()), JsonElement.class);
    if (json.isJsonObject()) {
      return List.of(json.getAsJsonObject());
    }
    return json.getAsJsonArray().asList().stream().map(JsonElement::getAsJsonObject).toList();
  }

  /** The sockets of a report. */
  static List<JsonObject> sockets(JsonObject report) {
    JsonArray sockets = report.getAsJsonArray("sockets");
    return sockets.asList().stream().map(JsonElement::getAsJsonObject).toList();
  }

  /** A socket of {@code portpool who}. */
  static String row(JsonObject socket) {
    JsonElement process = socket.get("process");
    return String.join(
        " ",
        socket.get("protocol").getAsString(),
        socket.get("state").getAsString(),
        endpoint(socket.get("local")),
        endpoint(socket.get("remote")),
        process.isJsonNull() ? "-" : process.getAsJsonObject().get("pid").getAsString());
  }

  private static String endpoint(JsonElement endpoint) {
    if (endpoint.isJsonNull()) {
      return "-";
    }
    String address = endpoint.getAsJsonObject().get("address").getAsString();
    String port = endpoint.getAsJsonObject().get("port").getAsString();
    return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
  }

  /** The rows of ss -tuanpH whose local port is one of some. */
  static List<String> ofSs(Outcome outcome, Set<String> ports) {
    List<String> rows = new ArrayList<>();
    for (String line : outcome.out()) {
      String[] columns = line.strip().split("\\s+", 7);
      String local = unmapped(columns[4].replaceFirst("^\\*:", "[::]:"));
      if (ports.contains(local.substring(local.lastIndexOf(':') + 1))) {
        String state = columns[1].toLowerCase(Locale.ROOT).replace('-', '_');
        state = STATES.getOrDefault(state, state).replaceFirst("_wait_", "_wait");
        Matcher pid = PID.matcher(columns.length > 6 ? columns[6] : "");
        rows.add(
            String.join(
                " ",
                columns[0],
                state,
                local,
                columns[5].endsWith(":*") ? "-" : unmapped(columns[5]),
                pid.find() ? pid.group(1) : "-"));
      }
    }
    return rows;
  }

  /** An IPv4 address without the form that it has on an IPv6 socket. */
  private static String unmapped(String address) {
    return address.replaceFirst("^\\[::ffff:([0-9.]+)]", "$1");
  }
}
