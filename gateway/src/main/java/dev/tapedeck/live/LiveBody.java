package dev.tapedeck.live;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A body while it comes, decoded. For one thread at a time. */
final class LiveBody implements AutoCloseable {

  /** Of a body that is larger nothing is shown. */
  static final int MAX_BYTES = 64 << 20;

  private final BodyDecoder decoder;
  private final BodyDecoder.Sink sink;

  private LiveBody(List<HttpHeader> headers, BodyDecoder.Sink sink) {
    this.sink = sink;
    String coding =
        headers.stream()
            .filter(header -> header.is("content-encoding"))
            .map(HttpHeader::value)
            .filter(value -> !value.isBlank() && !value.equalsIgnoreCase("identity"))
            .collect(Collectors.joining(", "));
    decoder = new BodyDecoder(coding, MAX_BYTES, sink);
  }

  /** A body whose bytes go on as they are decoded. */
  static LiveBody to(List<HttpHeader> headers, BodyDecoder.Sink sink) {
    return new LiveBody(headers, sink);
  }

  /**
   * @param plain as {@link dev.tapedeck.event.HttpEvent.Body#plain}
   */
  void feed(Bytes data, boolean plain) {
    if (plain) {
      sink.decoded(data.array(), data.offset(), data.length());
    } else {
      decoder.feed(data.array(), data.offset(), data.length());
    }
  }

  @Override
  public void close() {
    decoder.close();
  }

  /** Keeps a body in memory, up to the limit. */
  static final class Kept implements BodyDecoder.Sink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);

    @Override
    public void decoded(byte[] more, int offset, int length) {
      bytes.write(more, offset, Math.min(length, MAX_BYTES - bytes.size()));
    }

    /** The body if it is JSON, else null. */
    @Nullable Json json() {
      byte[] all = bytes.toByteArray();
      return Json.tryParse(all, 0, all.length).orElse(null);
    }
  }
}
