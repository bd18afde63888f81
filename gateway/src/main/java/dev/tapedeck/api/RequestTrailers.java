package dev.tapedeck.api;

import dev.tapedeck.event.HttpHeader;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the fields behind the body of an HTTP/1 client's request, which Vert.x drops; those of
 * HTTP/2 requests are dropped with no way to see them, and so go nowhere.
 */
final class RequestTrailers extends ChannelInboundHandlerAdapter {

  private static final AttributeKey<List<HttpHeader>> KEY =
      AttributeKey.valueOf(RequestTrailers.class, "fields");
  private static final String DECODER = "httpDecoder";

  private RequestTrailers() {}

  /** Watches a new connection of a client's. */
  static void watch(HttpConnection connection) {
    if (connection instanceof ConnectionBase base
        && base.channel().pipeline().get(DECODER) != null) {
      base.channel().pipeline().addAfter(DECODER, "trailers", new RequestTrailers());
    }
  }

  /** Takes what came behind the body that was read last; mostly nothing. */
  static List<HttpHeader> take(HttpConnection connection) {
    if (connection instanceof ConnectionBase base && base.channel().hasAttr(KEY)) {
      List<HttpHeader> fields = base.channel().attr(KEY).getAndSet(List.of());
      return fields == null ? List.of() : fields;
    }
    return List.of();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof LastHttpContent last && !last.trailingHeaders().isEmpty()) {
      keep(context.channel(), last.trailingHeaders());
    }
    super.channelRead(context, message);
  }

  private static void keep(Channel channel, HttpHeaders trailers) {
    List<HttpHeader> fields = new ArrayList<>();
    trailers.forEach(field -> fields.add(new HttpHeader(field.getKey(), field.getValue())));
    channel.attr(KEY).set(fields);
  }
}
