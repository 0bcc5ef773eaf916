package io.github.portpool.export.web.server;

import com.sun.net.httpserver.Headers;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** What comes before the body of a request: RFC 9112. */
final class RequestHead {
  private static final List<HttpVersion> VERSIONS =
      List.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_1_0);

  private RequestHead() {}

  /** An exchange that asks for what a request asks for. */
  static Exchange exchange(HttpRequest request, InetSocketAddress client, InetSocketAddress server)
      throws MalformedRequestException {
    check(request.decoderResult());
    if (!VERSIONS.contains(request.protocolVersion())) {
      throw new MalformedRequestException(505, "HTTP/1.1 and HTTP/1.0 are spoken here.");
    }
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.stream().allMatch(HttpHeaderValues.CHUNKED::contentEqualsIgnoreCase)) {
      throw new MalformedRequestException(501, "There is no such Transfer-Encoding here.");
    }
    Headers headers = new Headers();
    request.headers().forEach(header -> headers.add(header.getKey(), header.getValue()));
    URI uri = uri(request.uri());
    if (uri.isAbsolute() && !isOrigin(request.uri())) {
      headers.set("Host", uri.getRawAuthority()); // which counts instead: RFC 9112, 3.2.2
    }
    return new Exchange(uri, headers, client, server);
  }

  /** Throws what the parser says. */
  static void check(DecoderResult result) throws MalformedRequestException {
    if (result.cause() instanceof TooLongHttpLineException) {
      throw new MalformedRequestException(414, "The URI is too long.");
    }
    if (result.cause() instanceof TooLongHttpHeaderException) {
      throw new MalformedRequestException(431, "The headers are too long.");
    }
    if (result.isFailure()) {
      throw new MalformedRequestException(400, "This is no HTTP request.");
    }
  }

  private static boolean isOrigin(String target) {
    return target.startsWith("/");
  }

  private static URI uri(String target) throws MalformedRequestException {
    try {
      // Two slashes at the beginning belong to the path.
      URI uri = new URI(isOrigin(target) ? "http://localhost" + target : target);
      if (!uri.isAbsolute() || (uri.getHost() != null && uri.getRawUserInfo() == null)) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // As it is said below.
    }
    throw new MalformedRequestException(400, "The URI is not one.");
  }
}
