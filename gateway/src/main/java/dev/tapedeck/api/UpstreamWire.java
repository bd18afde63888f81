package dev.tapedeck.api;

import dev.tapedeck.event.HttpHeader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Vert.x does not tell of an HTTP/1 connection to an upstream: interim answers, which it takes
 * for the answer; bytes that no answer accounts for, which would become the next exchange's answer;
 * and whether any byte of an answer has come.
 *
 * <p>HTTP/2 frames its streams, and needs nothing of this but the interim answers; there the
 * library knows 100 and 103, and any other fails the exchange.
 */
final class UpstreamWire extends ChannelDuplexHandler {

  private static final Logger LOG = LoggerFactory.getLogger(UpstreamWire.class);
  private static final AttributeKey<UpstreamWire> KEY =
      AttributeKey.valueOf(UpstreamWire.class, "wire");
  private static final String CODEC = "codec";
  private static final int SWITCHING = 101;

  private @Nullable HttpMethod asked;
  private int expected;
  private boolean heard;
  private boolean interim;
  private BiConsumer<Integer, List<HttpHeader>> interims = (_, _) -> {};
  private @Nullable List<HttpHeader> trailers;

  /** As the library's, but that one can be asked what it has not understood yet. */
  private final class Decoder extends HttpResponseDecoder {

    Decoder() {
      super(
          new HttpDecoderConfig()
              .setMaxInitialLineLength(ApiOptions.MAX_LINE_BYTES)
              .setMaxHeaderSize(ApiOptions.MAX_HEAD_BYTES)
              .setMaxChunkSize(ApiOptions.MAX_CHUNK_BYTES));
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
      return HttpMethod.HEAD.equals(asked) || super.isContentAlwaysEmpty(message);
    }

    boolean hasMore() {
      return actualReadableBytes() > 0;
    }
  }

  /** Closes the connection when bytes come that belong to no answer. */
  private final class Codec extends CombinedChannelDuplexHandler<Decoder, HttpRequestEncoder> {

    Codec() {
      super(new Decoder(), new HttpRequestEncoder());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
      if (message instanceof ByteBuf bytes && bytes.isReadable()) {
        if (expected == 0) {
          bytes.release();
          close(context);
          return;
        }
        heard = true;
      }
      super.channelRead(context, message);
      if (expected == 0 && inboundHandler().hasMore()) {
        close(context);
      }
    }

    private void close(ChannelHandlerContext context) {
      LOG.info("{} sent bytes behind its answer; not used again", context.channel());
      ChannelFuture _ = context.close();
    }
  }

  /** Watches a new connection; that of a connection which is watched already. */
  static UpstreamWire of(HttpConnection connection) {
    if (!(connection instanceof ConnectionBase base)) {
      return new UpstreamWire();
    }
    Channel channel = base.channel();
    UpstreamWire known = channel.attr(KEY).get();
    if (known != null) {
      return known;
    }
    UpstreamWire wire = new UpstreamWire();
    channel.attr(KEY).set(wire);
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(CODEC) instanceof HttpClientCodec) {
      // What an upstream has said before it stopped listening is read, also if it resets the
      // connection for what is still sent to it.
      channel.config().setAutoClose(false);
      pipeline.replace(CODEC, CODEC, wire.new Codec());
      pipeline.addAfter(CODEC, "wire", wire);
    }
    return wire;
  }

  /** Who is told of interim answers to the request that is sent next. */
  void interims(BiConsumer<Integer, List<HttpHeader>> told) {
    interims = told;
  }

  /** Fields that are to go behind the request's body. */
  void trailers(List<HttpHeader> fields) {
    trailers = fields;
  }

  /** Whether a byte of the answer has come. */
  boolean heard() {
    return heard;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    Object written = message;
    if (message instanceof HttpRequest request) {
      asked = request.method();
      expected++;
      heard = false;
    }
    List<HttpHeader> fields = trailers;
    if (fields != null && message instanceof LastHttpContent last) {
      trailers = null;
      LastHttpContent with = new DefaultLastHttpContent(last.content());
      fields.forEach(field -> with.trailingHeaders().add(field.name(), field.value()));
      written = with;
    }
    super.write(context, written, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL
        && response.status().code() != SWITCHING) {
      interim = true;
      List<HttpHeader> fields = new ArrayList<>();
      response
          .headers()
          .forEach(field -> fields.add(new HttpHeader(field.getKey(), field.getValue())));
      interims.accept(response.status().code(), fields);
    }
    boolean swallowed = interim;
    if (message instanceof LastHttpContent) {
      expected -= interim ? 0 : 1;
      interim = false;
    }
    if (swallowed) {
      ReferenceCountUtil.release(message);
    } else {
      super.channelRead(context, message);
    }
  }
}
