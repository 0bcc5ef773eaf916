package io.github.portpool.export.web.server;

import io.github.portpool.export.web.config.LiveWebConfig;
import io.github.portpool.host.Trouble;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;

/**
 * The HTTP server: the same pages on each of its addresses.
 *
 * <p>It is one thread that never waits: for no client, and for no page, for those that may have to
 * wait have threads of their own.
 */
public final class WebServer implements AutoCloseable {
  private static final int BACKLOG = 128;

  /** Connections that are made between two looks at those that are there. */
  private static final int ACCEPTS = 64;

  private static final long STOP_MILLIS = 1000;

  /** In bytes, of a URI and of all headers. */
  private static final int URI = 16 * 1024;

  private static final int HEADERS = 32 * 1024;
  private static final int FIRST_BYTES = 2 * 1024;
  private static final int MOST_BYTES = 16 * 1024;

  static {
    // Read once by Netty: no memory of its own beside the heap, no fields of the JDK's, no name
    // for this host.
    Map.of(
            "io.netty.noUnsafe", "true",
            "io.netty.noKeySetOptimization", "true",
            "io.netty.leakDetection.level", "disabled",
            "io.netty.allocator.type", "unpooled",
            "io.netty.machineId", "00:00:00:00:00:00:00:00",
            "io.netty.processId", "1")
        .forEach(System::setProperty);
  }

  private final EventLoopGroup thread =
      new MultiThreadIoEventLoopGroup(
          1,
          Thread.ofPlatform().daemon().name("portpool-web").factory(),
          NioIoHandler.newFactory());
  private final List<Channel> listeners = new ArrayList<>();
  private final List<Channel> adopted = new ArrayList<>();
  private final Site site;
  private final Clients clients;

  private WebServer(Site site, int connections) {
    this.site = site;
    this.clients = new Clients(connections);
  }

  /**
   * Starts to serve.
   *
   * @param connections how many clients may be connected
   * @param config TLS, users and headers
   * @param pages its pages; of two with the same path the later one counts
   * @param access who may see those with details
   * @throws ListenException when an address is taken or not allowed
   */
  public static WebServer start(
      List<ListenAddress> addresses,
      int connections,
      LiveWebConfig config,
      List<WebPage> pages,
      DetailsAccess access)
      throws ListenException {
    WebServer server = new WebServer(new Site(config, pages, access), connections);
    // With nothing to do at a later time, Netty would look each second whether there is.
    var _ = server.thread.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
    for (ListenAddress address : addresses) {
      try {
        server.listen(NioServerSocketChannel.class, address.socketAddress());
      } catch (Exception e) { // sync() throws what bind(2) said, unchecked
        server.close();
        throw new ListenException(
            "cannot listen on %s: %s; choose another with --web.listen-address"
                .formatted(address.text(), Trouble.reason(e)),
            e);
      }
    }
    return server;
  }

  /**
   * Serves the same pages, without TLS, on a Unix socket that every user of this host may ask: it
   * takes no port, of which there may be none left.
   *
   * @throws ListenException when the file cannot be made
   */
  public void listenLocally(Path file) throws ListenException {
    try {
      Files.deleteIfExists(file); // that of an agent which was killed
      listen(NioServerDomainSocketChannel.class, UnixDomainSocketAddress.of(file));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    } catch (Exception e) { // sync() throws what bind(2) said, unchecked
      throw new ListenException(
          "cannot listen on %s: %s; check asks there, and looks for itself now"
              .formatted(file, Trouble.reason(e)),
          e);
    }
  }

  /** Serves also whoever connects to a listening socket, which {@link #close} leaves open. */
  public void adopt(ServerSocketChannel socket) {
    adopted.add(
        bootstrap()
            .channelFactory(() -> new NioServerSocketChannel(socket))
            .register()
            .syncUninterruptibly()
            .channel());
  }

  private void listen(Class<? extends ServerChannel> kind, SocketAddress address) {
    listeners.add(bootstrap().channel(kind).bind(address).syncUninterruptibly().channel());
  }

  private ServerBootstrap bootstrap() {
    ByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
    AdaptiveRecvByteBufAllocator reads =
        new AdaptiveRecvByteBufAllocator(FIRST_BYTES, FIRST_BYTES, MOST_BYTES);
    reads.maxMessagesPerRead(1); // so that the end of what is sent is seen after it is answered
    ServerChannelRecvByteBufAllocator accepts = new ServerChannelRecvByteBufAllocator();
    accepts.maxMessagesPerRead(ACCEPTS);
    return new ServerBootstrap()
        .group(thread)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.ALLOCATOR, memory)
        .option(ChannelOption.RECVBUF_ALLOCATOR, accepts)
        .childOption(ChannelOption.ALLOCATOR, memory)
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, reads)
        .childHandler(
            new ChannelInitializer<DuplexChannel>() {
              @Override
              protected void initChannel(DuplexChannel client) {
                connect(client);
              }
            });
  }

  private void connect(DuplexChannel client) {
    boolean local = !(client.remoteAddress() instanceof InetSocketAddress);
    SSLEngine engine = local ? null : site.engine();
    if (engine != null) {
      SslHandler tls = new SslHandler(engine);
      tls.setHandshakeTimeoutMillis(0); // a connection has its own
      client.pipeline().addLast(tls);
    }
    HttpDecoderConfig bounds =
        new HttpDecoderConfig().setMaxInitialLineLength(URI).setMaxHeaderSize(HEADERS);
    client
        .pipeline()
        .addLast(
            new HttpServerCodec(bounds),
            new FlowControlHandler(), // one part of what was read at a time
            new Connection(
                client, inet(client.remoteAddress()), inet(client.localAddress()), site, clients));
  }

  /** Who asks by a Unix socket is on this host. */
  private static InetSocketAddress inet(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? inet
        : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** The TCP addresses it listens on, with the port that was given out for port 0. */
  public Set<InetSocketAddress> addresses() {
    Set<InetSocketAddress> addresses = new LinkedHashSet<>();
    for (Channel listener : Stream.concat(listeners.stream(), adopted.stream()).toList()) {
      if (listener.localAddress() instanceof InetSocketAddress address) {
        addresses.add(address);
      }
    }
    return addresses;
  }

  /** Stops. */
  @Override
  public void close() {
    adopted.forEach(listener -> listener.deregister().awaitUninterruptibly(STOP_MILLIS));
    thread
        .shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(STOP_MILLIS);
    site.close();
  }
}
