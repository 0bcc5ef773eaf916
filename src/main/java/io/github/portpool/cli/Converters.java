package io.github.portpool.cli;

import io.github.portpool.export.web.server.ListenAddress;
import io.github.portpool.host.Trouble;
import io.github.portpool.sample.Bounds;
import io.github.portpool.sample.CpuBudget;
import io.github.portpool.table.PortSet;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The values of options that are neither numbers nor words. */
final class Converters {
  private Converters() {}

  /** A duration as Prometheus writes it: {@code 500ms}, {@code 5s}, {@code 1m}, {@code 1h}. */
  static final class Interval implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    @Override
    public Duration convert(String value) {
      Matcher matcher = FORM.matcher(value);
      if (matcher.matches()) {
        long amount = Long.parseLong(matcher.group(1));
        Duration duration =
            switch (matcher.group(2)) {
              case "ms" -> Duration.ofMillis(amount);
              case "s" -> Duration.ofSeconds(amount);
              case "m" -> Duration.ofMinutes(amount);
              default -> Duration.ofHours(amount);
            };
        if (duration.compareTo(SHORTEST) >= 0 && duration.compareTo(LONGEST) <= 0) {
          return duration;
        }
      }
      throw new TypeConversionException(
          "'" + value + "' is not an interval from 100ms to 1h: write it as 500ms, 5s or 1m");
    }
  }

  /** A share of one core: {@code 1%} or {@code 0.01}. */
  static final class Budget implements ITypeConverter<CpuBudget> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)(%?)");

    @Override
    public CpuBudget convert(String value) {
      Matcher matcher = FORM.matcher(value);
      if (matcher.matches()) {
        double number = Double.parseDouble(matcher.group(1));
        double cores = matcher.group(2).isEmpty() ? number : number / 100;
        if (cores > 0 && cores <= 1) {
          return new CpuBudget(cores);
        }
      }
      throw new TypeConversionException(
          "'" + value + "' is not a share of one core above 0: write it as 1% or 0.01");
    }
  }

  /** A share in percent: {@code 80%} or {@code 80}. */
  static final class Percent implements ITypeConverter<Double> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)%?");
    private static final double MOST = 100;

    @Override
    public Double convert(String value) {
      Matcher matcher = FORM.matcher(value);
      if (matcher.matches()) {
        double percent = Double.parseDouble(matcher.group(1));
        if (percent > 0 && percent <= MOST) {
          return percent;
        }
      }
      throw new TypeConversionException(
          "'" + value + "' is not a share of the pool above 0% and up to 100%: write it as 80%");
    }
  }

  /** A whole number of seconds, 1 or more. */
  static final class Seconds implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (value.matches("\\d{1,6}") && Integer.parseInt(value) > 0) {
        return Integer.valueOf(value);
      }
      throw new TypeConversionException("'" + value + "' is not a number of seconds, 1 or more");
    }
  }

  /** How many of something are named in metrics. */
  static final class Top implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (value.matches("\\d{1,9}") && Integer.parseInt(value) <= Bounds.MOST) {
        return Integer.valueOf(value);
      }
      throw new TypeConversionException("'" + value + "' is not a number from 0 to " + Bounds.MOST);
    }
  }

  /** The address of an agent: http or https, with a host. */
  static final class Agent implements ITypeConverter<URI> {
    @Override
    public URI convert(String value) {
      try {
        URI uri = new URI(value);
        if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
            && uri.getHost() != null
            && uri.getPort() != 0
            && uri.getPort() <= PortSet.LAST
            && uri.getQuery() == null
            && uri.getFragment() == null) {
          return uri;
        }
      } catch (URISyntaxException e) {
        // Said below.
      }
      throw new TypeConversionException(
          "'" + value + "' is not an agent: write it as http://localhost:10696");
    }
  }

  /** An address to listen on. */
  static final class Address implements ITypeConverter<ListenAddress> {
    @Override
    public ListenAddress convert(String value) {
      try {
        return ListenAddress.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(Trouble.reason(e));
      }
    }
  }
}
