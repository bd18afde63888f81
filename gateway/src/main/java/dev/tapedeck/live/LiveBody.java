package dev.tapedeck.live;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.har.BodyCoding;
import dev.tapedeck.formats.har.HarField;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.llm.BodyShape;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A body while it comes, decoded. For one thread at a time. */
final class LiveBody implements AutoCloseable {

  /** Of a body that is larger nothing is shown. */
  static final int MAX_BYTES = 64 << 20;

  private final List<HarField> headers;
  private final BodyDecoder.Sink sink;

  /** What came before it was plain which coding it has. */
  private final ByteArrayOutputStream held = new ByteArrayOutputStream(0);

  private @Nullable BodyDecoder decoder;

  private LiveBody(List<HttpHeader> headers, BodyDecoder.Sink sink) {
    this.headers =
        headers.stream().map(header -> new HarField(header.name(), header.value())).toList();
    this.sink = sink;
  }

  /** A body whose bytes go on as they are decoded. */
  static LiveBody to(List<HttpHeader> headers, BodyDecoder.Sink sink) {
    return new LiveBody(headers, sink);
  }

  /**
   * @param plain as {@link dev.tapedeck.event.HttpEvent.Body#plain}
   */
  void feed(Bytes data, boolean plain) {
    BodyDecoder into = decoder;
    if (plain) {
      ended();
      sink.decoded(data.array(), data.offset(), data.length());
    } else if (into != null) {
      into.feed(data.array(), data.offset(), data.length());
    } else {
      held.write(data.array(), data.offset(), data.length());
      if (held.size() >= BodyCoding.START_BYTES) {
        open();
      }
    }
  }

  /** The first bytes decide, not the label: see {@link BodyCoding}. */
  private void open() {
    byte[] start = held.toByteArray();
    held.reset();
    BodyDecoder into = new BodyDecoder(BodyCoding.of(headers, start), MAX_BYTES, sink);
    decoder = into;
    into.feed(start, 0, start.length);
  }

  /** No more is coming: what was held back goes on. */
  void ended() {
    if (decoder == null) {
      open();
    }
  }

  @Override
  public void close() {
    BodyDecoder open = decoder;
    if (open != null) {
      open.close();
    }
  }

  /** Keeps a body in memory, up to the limit. */
  static final class Kept implements BodyDecoder.Sink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);

    @Override
    public void decoded(byte[] more, int offset, int length) {
      bytes.write(more, offset, Math.min(length, MAX_BYTES - bytes.size()));
    }

    /** All that was kept, which is kept no more. */
    byte[] taken() {
      byte[] all = bytes.toByteArray();
      bytes.reset();
      return all;
    }

    /** Whether it is too early to tell the shape of the body. */
    boolean isOpen() {
      byte[] all = bytes.toByteArray();
      return BodyShape.isOpen(all, 0, all.length);
    }

    /** The body if it is JSON, else null. */
    @Nullable Json json() {
      byte[] all = bytes.toByteArray();
      return Json.tryParse(all, 0, all.length).orElse(null);
    }
  }
}
