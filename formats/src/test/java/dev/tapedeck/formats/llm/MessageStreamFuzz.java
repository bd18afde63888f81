package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.fuzz.Input;
import java.util.Optional;

/**
 * Whatever a model answers: it becomes a message, in bounded memory and without an exception; where
 * the stream was cut changes nothing; and the message can be told and streamed again.
 */
public final class MessageStreamFuzz {

  private static final int FRAME_BYTES = 4096;
  private static final long MESSAGE_BYTES = 64 * 1024;

  private MessageStreamFuzz() {}

  /** For Jazzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    Input input = new Input(bytes);
    Protocol protocol = input.choice(Protocol.values());
    StreamEnd end = input.choice(StreamEnd.values());
    int size = 1 + input.choice(40);
    byte[] body = input.rest();
    Optional<AccumulatedMessage> whole = rebuilt(protocol, body, Math.max(1, body.length), end);
    Optional<AccumulatedMessage> pieces = rebuilt(protocol, body, size, end);
    Input.same(whole, pieces, "whole and in pieces");
    whole.ifPresent(rebuilt -> {
      Conversation.answer(protocol, rebuilt.message());
      MessageEvents.of(protocol, rebuilt.message(), /* usage= */ true);
      Usage.of(protocol, rebuilt.message(), rebuilt.keptUsage());
    });
  }

  private static Optional<AccumulatedMessage> rebuilt(
      Protocol protocol, byte[] body, int size, StreamEnd end) {
    return MessageStream.of(protocol, FRAME_BYTES, MESSAGE_BYTES)
        .map(stream -> {
          for (byte[] piece : new Input(body).pieces(size)) {
            stream.feed(piece, 0, piece.length, 7);
          }
          stream.snapshot();
          return stream.finish(end);
        });
  }
}
