package io.github.portpool.export.web.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What goes over the wire of an answer: RFC 9110. */
final class Response {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

  private Response() {}

  /** The answer to a request by some method; to HEAD its headers alone. */
  static FullHttpResponse of(Exchange exchange, HttpMethod method) {
    HttpResponseStatus status = HttpResponseStatus.valueOf(exchange.getResponseCode());
    boolean bodiless = status.equals(HttpResponseStatus.NOT_MODIFIED);
    byte[] page = exchange.body();
    ByteBuf body =
        bodiless || method.equals(HttpMethod.HEAD)
            ? Unpooled.EMPTY_BUFFER
            : Unpooled.wrappedBuffer(page);
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    exchange.getResponseHeaders().forEach(response.headers()::set);
    response.headers().set(HttpHeaderNames.DATE, DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
    if (!bodiless) { // the length would be that of the page: RFC 9110, 8.6
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, page.length);
    }
    return response;
  }
}
