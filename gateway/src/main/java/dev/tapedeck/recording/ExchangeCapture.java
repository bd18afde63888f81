package dev.tapedeck.recording;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.formats.har.HarExchange;
import dev.tapedeck.formats.har.HarField;
import dev.tapedeck.formats.llm.StreamEnd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One exchange while it becomes an entry. For one thread. */
final class ExchangeCapture {

  private static final long NOT_YET = -1;
  private static final long NANOS_PER_MICRO = 1000;

  private final HttpEvent.Requested requested;
  private final long begun;
  private final BodyCapture request;
  private final BodyCapture response;
  private HttpEvent.@Nullable Answered answered;
  private HttpEvent.@Nullable Finished finished;
  private final List<HarExchange.Interim> interims = new ArrayList<>(0);
  private List<HarField> requestTrailers = List.of();
  private List<HarField> responseTrailers = List.of();
  private boolean resent;
  private boolean reused;
  private long connectedAt = NOT_YET;
  private long sentAt = NOT_YET;
  private long answeredAt = NOT_YET;
  private long last;

  /**
   * @param begun when, in nanoseconds of the session's clock
   */
  ExchangeCapture(
      HttpEvent.Requested requested, long begun, BodyCapture request, BodyCapture response) {
    this.request = request;
    this.response = response;
    this.requested = requested;
    this.begun = begun;
    this.last = begun;
  }

  /**
   * Takes the next event.
   *
   * @param time in nanoseconds of the session's clock
   */
  void add(HttpEvent event, long time) throws IOException {
    last = Math.max(last, time);
    switch (event) {
      case HttpEvent.Requested _ -> throw new IllegalArgumentException("it has begun already");
      case HttpEvent.Connected connected -> {
        resent = connectedAt != NOT_YET;
        connectedAt = time;
        reused = connected.reused();
      }
      case HttpEvent.Answered answer -> {
        answered = answer;
        answeredAt = time;
      }
      case HttpEvent.Interim interim ->
          interims.add(new HarExchange.Interim(interim.status(), fields(interim.headers())));
      case HttpEvent.Trailers trailers -> {
        switch (trailers.side()) {
          case REQUEST -> requestTrailers = fields(trailers.headers());
          case RESPONSE -> responseTrailers = fields(trailers.headers());
        }
      }
      case HttpEvent.Body body -> side(body.side()).add(body, (time - begun) / NANOS_PER_MICRO);
      case HttpEvent.Missing missing ->
          side(missing.side()).lose(missing.bytes(), missing.reason());
      case HttpEvent.BodyEnded ended -> {
        side(ended.side()).ended(ended.bytes());
        if (ended.side() == Side.REQUEST) {
          sentAt = time;
        }
      }
      case HttpEvent.Finished end -> finished = end;
    }
  }

  private BodyCapture side(Side side) {
    return switch (side) {
      case REQUEST -> request;
      case RESPONSE -> response;
    };
  }

  /**
   * What passed, as far as it is known. The bodies are not kept any longer.
   *
   * @param otherwise how it ended, where no event has said so
   * @param why in a sentence, or null
   */
  HarExchange take(End otherwise, @Nullable String why) throws IOException {
    HttpEvent.Finished end = finished;
    HttpEvent.Answered answer = answered;
    return new HarExchange(
        requested.exchange(),
        requested.time(),
        requested.upstream(),
        requested.method(),
        requested.url(),
        requested.version(),
        fields(requested.headers()),
        request.take(),
        answer == null
            ? null
            : new HarExchange.Answer(
                answer.status(),
                answer.reason(),
                answer.version(),
                fields(answer.headers()),
                response.take()),
        times(),
        streamEnd(end == null ? otherwise : end.end()),
        end == null ? why : end.error(),
        new HarExchange.Beside(requestTrailers, responseTrailers, interims, resent));
  }

  private HarExchange.Times times() {
    long connected = connectedAt == NOT_YET ? begun : connectedAt;
    long sent = Math.max(sentAt == NOT_YET ? connected : sentAt, connected);
    // Some upstreams answer before they have the whole request.
    long first = answeredAt == NOT_YET ? last : answeredAt;
    sent = Math.min(sent, first);
    return new HarExchange.Times(
        reused ? connected - begun : NOT_YET,
        reused || connectedAt == NOT_YET ? NOT_YET : connected - begun,
        Math.max(0, sent - connected),
        Math.max(0, first - sent),
        answeredAt == NOT_YET ? 0 : last - answeredAt);
  }

  static List<HarField> fields(List<HttpHeader> headers) {
    return headers.stream().map(header -> new HarField(header.name(), header.value())).toList();
  }

  private static StreamEnd streamEnd(End end) {
    return switch (end) {
      case COMPLETE -> StreamEnd.COMPLETE;
      case ERROR -> StreamEnd.ERROR;
      case UPSTREAM_EOF -> StreamEnd.UPSTREAM_EOF;
      case UPSTREAM_RESET -> StreamEnd.UPSTREAM_RESET;
      case CLIENT_ABORT -> StreamEnd.CLIENT_ABORT;
      case TIMEOUT -> StreamEnd.TIMEOUT;
    };
  }
}
