package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.sse.SseDecoder;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The body of a streamed answer, from its bytes to its message: {@link SseDecoder} and {@link
 * MessageRebuild} in one. A body that begins as JSON is the array or the lines of its events.
 *
 * <pre>{@code
 * MessageStream stream = MessageStream.of(Protocol.of(path)).orElseThrow();
 * stream.feed(bytes, 0, count, nanos);      // as they arrive, cut anywhere, decompressed
 * stream.snapshot();                        // the message so far, whenever somebody looks
 * Rebuilt rebuilt = stream.finish(StreamEnd.COMPLETE);
 * }</pre>
 *
 * <p>For one thread at a time.
 */
public final class MessageStream {

  private final MessageAccumulator rebuild;
  private final SseDecoder decoder;
  private final ArrayPieces pieces;
  private final boolean lines;

  /** What came before it was plain what it is. */
  private final ByteArrayOutputStream head = new ByteArrayOutputStream(0);

  private boolean begun;
  private boolean inPieces;
  private long nanos;

  private MessageStream(MessageAccumulator rebuild, boolean lines, int maxFrameBytes) {
    this.rebuild = rebuild;
    this.lines = lines;
    this.decoder = SseDecoder.withErrorFields(event -> rebuild.accept(event, nanos), maxFrameBytes);
    this.pieces = new ArrayPieces(event -> rebuild.accept(event, nanos), maxFrameBytes);
  }

  /** A stream at its beginning; nothing for what has no streams. */
  public static Optional<MessageStream> of(Protocol protocol) {
    return of(protocol, SseDecoder.MAX_FRAME_BYTES, MessageAccumulator.MAX_MESSAGE_BYTES);
  }

  /**
   * As {@link #of(Protocol)}, with limits of one's own.
   *
   * @param maxFrameBytes the limit of one event, 1 to {@link SseDecoder#MAX_FRAME_BYTES} bytes
   * @param maxMessageBytes the most memory that the message may take, about
   */
  public static Optional<MessageStream> of(
      Protocol protocol, int maxFrameBytes, long maxMessageBytes) {
    return MessageAccumulator.of(protocol, maxMessageBytes)
        .map(rebuild -> new MessageStream(rebuild, protocol.isLines(), maxFrameBytes));
  }

  /**
   * Takes the next bytes of the body. The array is not kept.
   *
   * @param arrivedNanos when they came, by the caller's clock
   */
  public void feed(byte[] bytes, int offset, int length, long arrivedNanos) {
    nanos = arrivedNanos;
    if (begun) {
      pass(bytes, offset, length);
      return;
    }
    head.write(bytes, offset, length);
    byte[] held = head.toByteArray();
    if (!BodyShape.isOpen(held, 0, held.length)) {
      begin(held);
    }
  }

  /** Enough has come to tell what it is. */
  private void begin(byte[] held) {
    begun = true;
    head.reset();
    BodyShape shape = BodyShape.of(held, 0, held.length);
    inPieces =
        switch (shape) {
          case ARRAY, OBJECT -> true;
          case EVENTS -> false;
          case OTHER -> lines;
        };
    pass(held, 0, held.length);
  }

  private void pass(byte[] bytes, int offset, int length) {
    if (inPieces) {
      pieces.feed(bytes, offset, length);
    } else {
      decoder.feed(bytes, offset, length);
    }
  }

  /** See {@link MessageAccumulator#snapshot}. */
  public Json.Obj snapshot() {
    return rebuild.snapshot();
  }

  /** See {@link AccumulatedMessage#keptUsage}. */
  public Json.Obj keptUsage() {
    return rebuild.keptUsage();
  }

  /** See {@link MessageAccumulator#ended}. */
  public Optional<StreamEnd> ended() {
    return rebuild.ended();
  }

  /** See {@link MessageAccumulator#firstTokenNanos}. */
  public OptionalLong firstTokenNanos() {
    return rebuild.firstTokenNanos();
  }

  /** How many events came. */
  public long events() {
    return rebuild.events();
  }

  /** See {@link MessageAccumulator#finish}. To be called once, after the last bytes. */
  public AccumulatedMessage finish(StreamEnd transport) {
    if (!begun) {
      begin(head.toByteArray());
    }
    if (inPieces ? pieces.finish() : decoder.finish()) {
      rebuild.note("the stream ends within an event, which is left out");
    }
    if (decoder.discardedFrames() > 0) {
      rebuild.note(
          decoder.discardedFrames()
              + " events over "
              + decoder.maxFrameBytes()
              + " bytes left out, "
              + decoder.discardedBytes()
              + " bytes in all");
    }
    if (pieces.discarded() > 0) {
      rebuild.note(
          pieces.discarded() + " objects over " + decoder.maxFrameBytes() + " bytes left out");
    }
    return rebuild.finish(transport);
  }
}
