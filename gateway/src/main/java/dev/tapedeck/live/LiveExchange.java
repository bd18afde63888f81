package dev.tapedeck.live;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.llm.BodyShape;
import dev.tapedeck.formats.llm.Conversation;
import dev.tapedeck.formats.llm.LlmCall;
import dev.tapedeck.formats.llm.MessageStream;
import dev.tapedeck.formats.llm.Part;
import dev.tapedeck.formats.llm.Protocol;
import dev.tapedeck.formats.llm.StreamEnd;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An exchange in flight: from its events to a {@link Turn}. For one thread at a time. */
final class LiveExchange implements AutoCloseable {

  private static final int FIRST_ERROR = 400;

  private final HttpEvent.Requested requested;
  private final String path;
  private final Protocol protocol;
  private final SeenParts seen;
  private final long begun;
  private final LiveBody request;
  private final LiveBody.Kept asking = new LiveBody.Kept();
  private final LiveBody.Kept answering = new LiveBody.Kept();
  private @Nullable LiveBody response;
  private @Nullable MessageStream stream;

  /** Whether the answer's first bytes have come. */
  private boolean begins;

  private @Nullable Json asked;
  private @Nullable List<Part> news;
  private HttpEvent.@Nullable Answered answered;
  private HttpEvent.@Nullable Finished finished;
  private long last;
  private @Nullable Turn turn;

  /**
   * @param begun in nanoseconds of the session's clock
   */
  LiveExchange(HttpEvent.Requested requested, long begun, SeenParts seen) {
    this.requested = requested;
    this.path = Urls.path(requested.url());
    this.protocol = Protocol.of(path);
    this.seen = seen;
    this.begun = begun;
    this.last = begun;
    this.request = LiveBody.to(requested.headers(), asking);
  }

  /**
   * Takes the next event.
   *
   * @param nanos of the session's clock
   */
  void take(HttpEvent event, long nanos) {
    turn = null;
    last = Math.max(last, nanos);
    switch (event) {
      case HttpEvent.Requested _,
          HttpEvent.Connected _,
          HttpEvent.Interim _,
          HttpEvent.Trailers _,
          HttpEvent.Missing _ -> {}
      case HttpEvent.Answered answer -> answered(answer);
      case HttpEvent.Body body -> {
        LiveBody side = body.side() == Side.REQUEST ? request : response;
        if (side != null) {
          side.feed(body.data(), body.plain());
        }
      }
      case HttpEvent.BodyEnded ended -> {
        LiveBody side = ended.side() == Side.REQUEST ? request : response;
        if (side != null) {
          side.ended();
        }
        if (ended.side() == Side.REQUEST) {
          asked();
        }
      }
      case HttpEvent.Finished end -> {
        ended();
        asked();
        MessageStream into = stream;
        seen.answered(
            Conversation.answer(protocol, into == null ? answering.json() : into.snapshot()));
        finished = end;
        close();
      }
    }
  }

  private void answered(HttpEvent.Answered answer) {
    answered = answer;
    response = LiveBody.to(answer.headers(), this::answerBytes);
  }

  private void ended() {
    request.ended();
    LiveBody answering = response;
    if (answering != null) {
      answering.ended();
    }
    if (!begins) {
      begin();
    }
  }

  private void answerBytes(byte[] bytes, int offset, int length) {
    if (!begins) {
      answering.decoded(bytes, offset, length);
      if (!answering.isOpen()) {
        begin();
      }
      return;
    }
    pass(bytes, offset, length);
  }

  /** The first bytes decide whether it is a stream. */
  private void begin() {
    begins = true;
    HttpEvent.Answered answer = answered;
    byte[] start = answering.taken();
    if (answer != null) {
      BodyShape shape = BodyShape.of(start, 0, start.length);
      if (shape.isStream(protocol, isEventStream(answer.headers()))
          || (shape.mayBeLines(protocol) && answer.status() < FIRST_ERROR)) {
        stream = MessageStream.of(protocol).orElse(null);
      }
    }
    pass(start, 0, start.length);
  }

  private void pass(byte[] bytes, int offset, int length) {
    MessageStream into = stream;
    if (into == null) {
      answering.decoded(bytes, offset, length);
    } else {
      into.feed(bytes, offset, length, last - begun);
    }
  }

  private static boolean isEventStream(List<HttpHeader> headers) {
    return headers.stream()
        .anyMatch(header ->
            header.is("content-type")
                && header.value().toLowerCase(Locale.ROOT).startsWith("text/event-stream"));
  }

  private void asked() {
    if (news == null) {
      asked = asking.json();
      news = seen.news(Conversation.request(protocol, asked));
    }
  }

  /** What of the request was not said before; null while it has not come whole. */
  @Nullable List<Part> news() {
    return news;
  }

  boolean over() {
    return finished != null;
  }

  /** As it is now; the same object as long as nothing comes. */
  Turn turn() {
    Turn known = turn;
    if (known == null) {
      known = make();
      turn = known;
    }
    return known;
  }

  private Turn make() {
    HttpEvent.Answered answer = answered;
    HttpEvent.Finished end = finished;
    MessageStream streaming = stream;
    Json message = streaming != null ? streaming.snapshot() : end == null ? null : answering.json();
    LlmCall call =
        LlmCall.of(
            path, asked, message, streaming == null ? new Json.Obj() : streaming.keptUsage());
    List<Part> said = TextLimit.bounded(Conversation.answer(protocol, message));
    return new Turn(
        requested.exchange(),
        requested.time(),
        requested.method(),
        path,
        call.model(),
        answer == null ? 0 : answer.status(),
        end == null ? null : end(end, streaming),
        end == null ? null : end.error(),
        news == null ? List.of() : TextLimit.bounded(news),
        said,
        call.usage(),
        call.stopReason(),
        TimeUnit.NANOSECONDS.toMillis(last - begun));
  }

  /** A stream knows better than HTTP whether it came to its end. */
  private static String end(HttpEvent.Finished end, @Nullable MessageStream streaming) {
    StreamEnd told = streaming == null ? null : streaming.ended().orElse(null);
    return told == null ? end.end().label() : told.label();
  }

  @Override
  public void close() {
    request.close();
    LiveBody open = response;
    if (open != null) {
      open.close();
      response = null;
    }
  }
}
