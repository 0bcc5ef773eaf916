package io.github.portpool.export.web.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URL;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The names of clients, which nobody is to look up: the JDK's HTTPS server asks for that of each
 * connection before its handshake, and would wait for a resolver that may be out of order.
 *
 * <p>Requests are served by virtual threads, and only they are; on these every address is without a
 * name. Other threads have the usual resolver.
 */
public final class ClientNames extends InetAddressResolverProvider {
  private static final String SERVICE =
      "META-INF/services/" + InetAddressResolverProvider.class.getName();

  /** Names below it never exist, which needs no resolver to be known: RFC 6761, 6.4. */
  private static final String NOBODYS = ".invalid";

  /** For the JDK. */
  public ClientNames() {}

  /**
   * Takes them away, for this JVM and as long as it lives; to be called before a name is resolved,
   * and again without harm.
   *
   * <p>The jar does not offer this service by itself, for applications that use it as a library
   * have the resolver that they want.
   */
  public static void forget() {
    Thread thread = Thread.currentThread();
    ClassLoader usual = thread.getContextClassLoader();
    thread.setContextClassLoader(new OfferingLoader(ClientNames.class.getClassLoader()));
    try {
      // The JDK looks for a resolver when the first name is wanted, and keeps it.
      throw new IllegalStateException(
          "a name that is nobody's has addresses: "
              + List.of(InetAddress.getAllByName("portpool" + NOBODYS)));
    } catch (UnknownHostException e) {
      // As it is meant.
    } finally {
      thread.setContextClassLoader(usual);
    }
  }

  @Override
  public String name() {
    return "portpool";
  }

  @Override
  public InetAddressResolver get(Configuration configuration) {
    InetAddressResolver usual = configuration.builtinResolver();
    return new InetAddressResolver() {
      @Override
      public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
          throws UnknownHostException {
        if (host.endsWith(NOBODYS)) {
          throw new UnknownHostException(host);
        }
        return usual.lookupByName(host, policy);
      }

      @Override
      public String lookupByAddress(byte[] address) throws UnknownHostException {
        if (Thread.currentThread().isVirtual()) {
          throw new UnknownHostException("the names of clients are not looked up");
        }
        return usual.lookupByAddress(address);
      }
    };
  }

  private static final class OfferingLoader extends ClassLoader {
    OfferingLoader(ClassLoader parent) {
      super(parent);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.equals(SERVICE)
          ? Collections.enumeration(
              List.of(Objects.requireNonNull(ClientNames.class.getResource("client-names"))))
          : super.getResources(name);
    }
  }
}
