package dev.tapedeck.formats.har;

import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.har.HarExchange.Answer;
import dev.tapedeck.formats.llm.AccumulatedMessage;
import dev.tapedeck.formats.llm.BodyShape;
import dev.tapedeck.formats.llm.MessageStream;
import dev.tapedeck.formats.llm.Protocol;
import dev.tapedeck.formats.llm.StreamEnd;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The message that a streamed answer stood for, with the times at which its parts came. */
final class StreamedAnswer {

  private static final int FIRST_ERROR = 400;

  private StreamedAnswer() {}

  /** Nothing if the answer is no stream, or none that is understood. */
  static Optional<AccumulatedMessage> rebuild(HarExchange exchange, Answer answer, Body body) {
    if (body.kept().beside() != null && body.coded()) {
      // Its beginning and its end are not here in clear.
      return Optional.empty();
    }
    Protocol protocol = Protocol.of(HarAddress.path(exchange.url()));
    byte[] text = body.decoded();
    // The body decides: proxies label streams as JSON, JSON as a stream, or nothing at all.
    BodyShape shape = BodyShape.of(text, 0, text.length);
    boolean lines = shape.mayBeLines(protocol) && answer.status() < FIRST_ERROR;
    if (!lines && !shape.isStream(protocol, HarAddress.isEventStream(answer.headers()))) {
      return Optional.empty();
    }
    return MessageStream.of(protocol)
        .map(stream -> {
          feed(stream, body);
          boolean cut = answer.body().missing() > 0;
          return stream.finish(
              cut && exchange.end() == StreamEnd.COMPLETE
                  ? StreamEnd.UPSTREAM_EOF
                  : exchange.end());
        })
        .filter(rebuilt -> !lines || isStream(rebuilt));
  }

  /** One object that is the end as well is an answer as it is without a stream. */
  private static boolean isStream(AccumulatedMessage rebuilt) {
    return rebuilt.events() > 1 || (rebuilt.events() == 1 && rebuilt.end() != StreamEnd.COMPLETE);
  }

  /** Chunk by chunk, so that each event has the time at which it came. */
  private static void feed(MessageStream stream, Body body) {
    byte[] wire = body.kept().wire();
    long[] nanos = {0};
    int at = 0;
    try (BodyDecoder decoder =
        new BodyDecoder(
            body.coding(),
            Body.MAX_DECODED_BYTES,
            (bytes, offset, length) -> stream.feed(bytes, offset, length, nanos[0]))) {
      long[] chunks = body.kept().chunks();
      for (int i = 0; i + 1 < chunks.length && at < wire.length; i += 2) {
        nanos[0] = TimeUnit.MICROSECONDS.toNanos(chunks[i]);
        int length = (int) Math.min(chunks[i + 1], wire.length - at);
        decoder.feed(wire, at, length);
        at += length;
      }
      decoder.feed(wire, at, wire.length - at);
      decoder.finish();
    }
    byte[] plain = body.kept().plain();
    stream.feed(plain, 0, plain.length, nanos[0]);
  }
}
