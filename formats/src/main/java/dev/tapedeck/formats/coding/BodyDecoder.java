package dev.tapedeck.formats.coding;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Undoes the content codings of one body while it arrives.
 *
 * <pre>
 *            feed                    feed
 *   open ──▶ decoding ──────────────▶ stopped (corrupt, too large, unknown: the rest is ignored)
 *               │ finish                 │ finish
 *               └────────▶ ended ◀───────┘
 * </pre>
 *
 * <p>Never throws because of what it is fed. Holds at most the codings' windows (16 MiB for brotli,
 * 8 MiB for zstd, 32 KiB for the others; less while less has been decoded) and one block. For one
 * thread at a time. Close it: all codings hold memory outside of the heap.
 */
public final class BodyDecoder implements AutoCloseable {

  /** Takes what was decoded. */
  public interface Sink {

    /** The bytes lie in a buffer that is used again when this returns. */
    void decoded(byte[] bytes, int offset, int length);
  }

  /** A whole body decoded. */
  public static final class Decoded {
    private final byte[] bytes;
    private final DecodedEnd end;

    private Decoded(byte[] bytes, DecodedEnd end) {
      this.bytes = bytes;
      this.end = end;
    }

    /** All that could be decoded; not a copy. */
    public byte[] bytes() {
      return bytes;
    }

    public DecodedEnd end() {
      return end;
    }
  }

  private final List<Stage> stages = new ArrayList<>();
  private final Output first;
  private final Output last;
  private @Nullable DecodedEnd stopped;
  private boolean ended;
  private long wireBytes;

  /**
   * A decoder for one body.
   *
   * @param contentEncoding the body's {@code Content-Encoding}, several joined by commas; empty if
   *     there is none
   * @param maxDecodedBytes where a body stops that unfolds without end; also the limit between two
   *     codings
   * @param sink where the decoded bytes go
   */
  public BodyDecoder(String contentEncoding, long maxDecodedBytes, Sink sink) {
    if (maxDecodedBytes < 0) {
      throw new IllegalArgumentException("maxDecodedBytes is " + maxDecodedBytes);
    }
    last = new Output(sink::decoded, maxDecodedBytes);
    Output into = last;
    switch (Coding.listed(contentEncoding)) {
      case Coding.Listed.Known(List<Coding> codings) -> {
        Optional<String> missing = missing(codings);
        if (missing.isPresent()) {
          stopped = new DecodedEnd.Unknown(missing.get());
          break;
        }
        // The first that was applied is the last that is undone.
        for (Coding coding : codings) {
          Stage stage = stage(coding, into);
          stages.addFirst(stage);
          boolean outermost = stages.size() == codings.size();
          into = new Output(stage::feed, outermost ? Long.MAX_VALUE : maxDecodedBytes);
        }
      }
      case Coding.Listed.Unknown(String reason) -> stopped = new DecodedEnd.Unknown(reason);
    }
    first = into;
  }

  private static Stage stage(Coding coding, Output output) {
    return switch (coding) {
      case GZIP -> new GzipStage(output);
      case DEFLATE -> new DeflateStage(output);
      case BROTLI, ZSTD -> Codecs.here().decoder(coding, output);
    };
  }

  private static Optional<String> missing(List<Coding> codings) {
    return codings.stream()
        .filter(coding -> coding == Coding.BROTLI || coding == Coding.ZSTD)
        .flatMap(coding -> Codecs.here().missing(coding).stream())
        .findFirst();
  }

  /** Decodes a whole body that is in memory. */
  public static Decoded decode(String contentEncoding, byte[] body, long maxDecodedBytes) {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(Math.max(32, body.length));
    try (BodyDecoder decoder = new BodyDecoder(contentEncoding, maxDecodedBytes, decoded::write)) {
      decoder.feed(body, 0, body.length);
      return new Decoded(decoded.toByteArray(), decoder.finish());
    }
  }

  /**
   * The next bytes of the body as it was on the wire. Hands on all that they decode to, before it
   * returns.
   */
  public void feed(byte[] bytes, int offset, int length) {
    if (ended) {
      throw new IllegalStateException("the body has ended");
    }
    wireBytes += length;
    if (stopped == null && length > 0) {
      run(() -> first.write(bytes, offset, length));
    }
  }

  /**
   * The body has ended. An empty body is whole in every coding: that is how answers to HEAD and
   * those with status 304 look.
   */
  public DecodedEnd finish() {
    if (!ended) {
      ended = true;
      if (wireBytes > 0) {
        for (Stage stage : stages) {
          if (stopped == null) {
            run(stage::finish);
          }
        }
      }
      close();
    }
    return stopped == null ? new DecodedEnd.Complete() : stopped;
  }

  /** How many bytes came, as they were on the wire. */
  public long wireBytes() {
    return wireBytes;
  }

  /** How many decoded bytes were handed on. */
  public long decodedBytes() {
    return last.written();
  }

  /**
   * Whether bytes came whose content has not come out yet, more of it than one symbol of the
   * coding: a block that is not whole.
   */
  public boolean holds() {
    return stopped == null && stages.stream().anyMatch(Stage::holds);
  }

  /** Why decoding has stopped before the body's end; null while it goes on. */
  public @Nullable DecodedEnd stopped() {
    return stopped;
  }

  @Override
  public void close() {
    ended = true;
    stages.forEach(Stage::close);
  }

  private interface Step {
    void run() throws DecodeException;
  }

  private void run(Step step) {
    try {
      step.run();
    } catch (DecodeException e) {
      stopped = e.end();
    }
  }
}
