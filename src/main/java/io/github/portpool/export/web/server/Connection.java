package io.github.portpool.export.web.server;

import com.sun.net.httpserver.Headers;
import io.github.portpool.export.web.config.BasicAuth.Verdict;
import io.github.portpool.export.web.config.ClientNetwork;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a client: a request is read, answered, and only then is the next one read.
 *
 * <p>All of it happens on the one thread of the server, which never waits. What takes a client too
 * long is ended below TLS, which would say goodbye to the client first.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails ends it, or came too late
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
  /** Until the first request is here, after the handshake of TLS. */
  private static final int FIRST_SECONDS = 10;

  /** Until the next one is here: longer than the minute from scrape to scrape. */
  private static final int NEXT_SECONDS = 75;

  /** From a request until its answer has been read. */
  private static final int ANSWER_SECONDS = 20;

  /** For a client that still sends to read why it is not heard. */
  private static final int REFUSED_SECONDS = 2;

  /** A request has no use for a body; a short one is ignored. */
  private static final int BODY_BYTES = 64 * 1024;

  private final DuplexChannel channel;
  private final InetSocketAddress client;
  private final InetSocketAddress server;
  private final Site site;
  private final Clients clients;
  private final ClientNetwork network;
  private @Nullable HttpRequest request;
  private long bodyBytes;
  private boolean isOver;
  private CompletableFuture<Verdict> verdict = new CompletableFuture<>();
  private Future<?> deadline = new CompletableFuture<>();

  Connection(
      DuplexChannel channel,
      InetSocketAddress client,
      InetSocketAddress server,
      Site site,
      Clients clients) {
    this.channel = channel;
    this.client = client;
    this.server = server;
    this.site = site;
    this.clients = clients;
    this.network = ClientNetwork.of(client.getAddress());
  }

  /** What it lives on. */
  EventLoop thread() {
    return channel.eventLoop();
  }

  /** Whose it is. */
  ClientNetwork network() {
    return network;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    clients.add(this);
    endAfter(FIRST_SECONDS);
    context.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline.cancel(false);
    verdict.cancel(false);
    clients.remove(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    end();
  }

  /** Ends it now, whatever the client does. */
  void end() {
    channel.unsafe().close(channel.unsafe().voidPromise());
  }

  private void endAfter(int seconds) {
    deadline.cancel(false);
    deadline = channel.eventLoop().schedule(this::end, seconds, TimeUnit.SECONDS);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    if (isOver) {
      return;
    }
    if (part instanceof HttpRequest head) {
      request = head;
      bodyBytes = 0;
    }
    if (part instanceof HttpContent body) {
      bodyBytes += body.content().readableBytes();
    }
    HttpRequest asked = request;
    boolean whole = part instanceof LastHttpContent && part.decoderResult().isSuccess();
    if (asked == null) {
      end();
    } else if (whole
        || part.decoderResult().isFailure()
        || bodyBytes > BODY_BYTES
        || HttpUtil.is100ContinueExpected(asked)) {
      isOver = !whole || !HttpUtil.isKeepAlive(asked);
      endAfter(ANSWER_SECONDS);
      channel.config().setAutoRead(false);
      clients.whenItsTurn(this, () -> answer(context, asked, whole));
    }
  }

  private void answer(ChannelHandlerContext context, HttpRequest asked, boolean whole) {
    if (!channel.isActive()) {
      return;
    }
    try {
      Exchange exchange = RequestHead.exchange(asked, client, server);
      Executor here = this::here;
      verdict = site.authenticate(exchange);
      CompletableFuture<?> answer =
          verdict.thenComposeAsync(
              given -> site.answer(exchange, asked.method().name(), given), here);
      answer.whenCompleteAsync(
          (any, failure) -> {
            if (failure == null) {
              send(context, Response.of(exchange, asked.method()), whole);
            } else {
              end();
            }
          },
          here);
    } catch (MalformedRequestException e) {
      Exchange none = new Exchange(URI.create("/"), new Headers(), client, server);
      site.refuse(none, e);
      isOver = true;
      send(context, Response.of(none, asked.method()), whole);
    }
  }

  /** Runs something on the server's thread, at once where that is this one. */
  private void here(Runnable task) {
    if (channel.eventLoop().inEventLoop()) {
      task.run();
    } else {
      channel.eventLoop().execute(task);
    }
  }

  private void send(ChannelHandlerContext context, HttpResponse answer, boolean whole) {
    HttpUtil.setKeepAlive(answer, !isOver);
    long bytes = HttpUtil.getContentLength(answer, 0L);
    ChannelFuture sent = context.writeAndFlush(answer);
    if (!sent.isDone()) {
      clients.addUnread(this, bytes);
    }
    sent.addListener(done -> {
      clients.removeUnread(this);
      if (!done.isSuccess()) {
        end();
      } else if (!isOver) {
        endAfter(NEXT_SECONDS);
        channel.config().setAutoRead(true);
      } else if (whole) {
        context.close();
      } else {
        // Closed now, what still comes in would have the kernel throw away the answer.
        endAfter(REFUSED_SECONDS);
        channel.shutdownOutput();
        channel.config().setAutoRead(true);
      }
    });
  }
}
