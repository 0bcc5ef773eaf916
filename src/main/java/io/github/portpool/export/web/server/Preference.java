package io.github.portpool.export.web.server;

import com.sun.net.httpserver.Headers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One of the values that a client lists by how welcome they are: RFC 9110, 12.4.2.
 *
 * @param value in lower case
 * @param parameters their names in lower case, without the weight
 * @param weight 0 for what is not wanted, to 1
 * @param place in the list
 */
record Preference(String value, Map<String, String> parameters, double weight, int place) {
  /** The list in a header. */
  static List<Preference> of(Headers headers, String name) {
    List<Preference> preferences = new ArrayList<>();
    for (String part : String.join(",", headers.getOrDefault(name, List.of())).split(",", -1)) {
      if (!part.isBlank()) {
        preferences.add(of(part, preferences.size()));
      }
    }
    return preferences;
  }

  /** One of them, such as {@code text/plain; version=0.0.4; q=0.5}. */
  static Preference of(String text, int place) {
    String[] parts = text.split(";", -1);
    Map<String, String> parameters = new HashMap<>();
    for (int i = 1; i < parts.length; i++) {
      String[] parameter = parts[i].split("=", 2);
      String value = parameter.length == 2 ? parameter[1].strip().replaceAll("^\"|\"$", "") : "";
      parameters.put(parameter[0].strip().toLowerCase(Locale.ROOT), value);
    }
    String weight = parameters.remove("q");
    return new Preference(
        parts[0].strip().toLowerCase(Locale.ROOT),
        parameters,
        weight == null ? 1 : weight(weight),
        place);
  }

  private static double weight(String text) {
    return text.matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(text) : 0;
  }

  /** Whether it is wanted at all. */
  boolean isWanted() {
    return weight > 0;
  }

  /** How precisely it names something with its parameters, or -1 where it names something else. */
  int precision(Preference something) {
    if (value.equals("*/*") || value.equals("*")) {
      return 0;
    }
    if (value.endsWith("/*")) {
      return something.value().startsWith(value.substring(0, value.length() - 1)) ? 1 : -1;
    }
    boolean same =
        value.equals(something.value())
            && something.parameters().entrySet().stream()
                .allMatch(each ->
                    each.getValue()
                        .equalsIgnoreCase(parameters.getOrDefault(each.getKey(), each.getValue())));
    return same ? 2 + parameters.size() : -1;
  }
}
