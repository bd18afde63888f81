package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapedeck.formats.llm.Streams;
import dev.tapedeck.testing.Coded;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream.Line;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What a scripted upstream answers, as model APIs do. */
final class ModelApi {

  private ModelApi() {}

  /** A stream of events, in pieces that end where events end or not, flushed one by one. */
  static void stream(Line line, List<Streams.Event> events, String coding, long seed)
      throws Exception {
    head(line, coding);
    for (byte[] piece : pieces(events, coding, new Random(seed))) {
      line.chunk(piece);
    }
    line.end();
  }

  static void head(Line line, String coding) throws Exception {
    line.send(
        "HTTP/1.1 200 OK\nContent-Type: text/event-stream; charset=utf-8\nrequest-id: req_1\n"
            + (coding.isEmpty() ? "" : "Content-Encoding: " + Coded.name(coding) + "\n")
            + "Transfer-Encoding: chunked\n\n");
  }

  /** A stream as it comes in pieces: as events, halves of them, and several at once. */
  static List<byte[]> pieces(List<Streams.Event> events, String coding, Random random) {
    List<byte[]> coded =
        Coded.flushed(coding, events.stream().map(event -> event.wire().getBytes(UTF_8)).toList());
    List<byte[]> pieces = new ArrayList<>();
    for (byte[] event : coded) {
      int at = 0;
      while (at < event.length) {
        int end = random.nextInt(3) > 0 ? event.length : at + 1 + random.nextInt(event.length - at);
        pieces.add(Arrays.copyOfRange(event, at, end));
        at = end;
      }
      if (pieces.size() > 1 && random.nextInt(5) == 0) {
        byte[] last = pieces.removeLast();
        pieces.add(Coded.joined(List.of(pieces.removeLast(), last)));
      }
    }
    return pieces;
  }

  /** A whole answer. */
  static void answer(Line line, String status, String body, String... fields) throws Exception {
    line.send(
        "HTTP/1.1 "
            + status
            + "\nContent-Type: application/json\n"
            + Arrays.stream(fields).map(field -> field + "\n").reduce("", String::concat)
            + "Content-Length: "
            + body.getBytes(UTF_8).length
            + "\n\n");
    line.send(body.getBytes(UTF_8));
  }

  /** One answer after the other. */
  static Script inTurn(Script... answers) {
    List<Script> left = new ArrayList<>(List.of(answers));
    return (Http.Message request, Line line) -> {
      Script next;
      synchronized (left) {
        next = left.size() > 1 ? left.removeFirst() : left.getFirst();
      }
      next.answer(request, line);
    };
  }
}
