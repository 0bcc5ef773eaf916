package io.github.portpool.lookup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * IANA's Service Name and Transport Protocol Port Number Registry, as it was on a day.
 *
 * <p>Read from a resource of the program for each question, so that it takes no memory; {@code
 * src/build/renew-services} renews it.
 */
public final class ServiceRegistry {
  private static final String RESOURCE = "/services.tsv";
  private static final int COLUMNS = 4;

  private ServiceRegistry() {}

  /** The services that are registered for a port, one for each transport protocol. */
  public static List<RegisteredService> of(int port) {
    List<RegisteredService> services = new ArrayList<>();
    try (BufferedReader lines = open()) {
      lines.readLine();
      String line = lines.readLine();
      while (line != null && port(line) <= port) {
        if (port(line) == port) {
          String[] columns = line.split("\t", COLUMNS);
          for (String protocol : columns[1].split(",", -1)) {
            services.add(new RegisteredService(columns[2], protocol, columns[3]));
          }
        }
        line = lines.readLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return services;
  }

  /** The ports of a service, by its name in any case; none where it is not registered. */
  public static List<Integer> ports(String name) {
    List<Integer> ports = new ArrayList<>();
    try (BufferedReader lines = open()) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.split("\t", COLUMNS)[2].equalsIgnoreCase(name)) {
          ports.add(port(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ports;
  }

  /** The day of the registry. */
  public static LocalDate updated() {
    try (BufferedReader lines = open()) {
      String title = String.valueOf(lines.readLine());
      return LocalDate.parse(title.substring(title.lastIndexOf(' ') + 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int port(String line) {
    return Integer.parseInt(line, 0, line.indexOf('\t'), 10);
  }

  private static BufferedReader open() {
    InputStream resource = ServiceRegistry.class.getResourceAsStream(RESOURCE);
    if (resource == null) {
      throw new IllegalStateException("the program lacks its resource " + RESOURCE);
    }
    return new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8));
  }
}
