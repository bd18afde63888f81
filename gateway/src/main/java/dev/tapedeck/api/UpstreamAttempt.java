package dev.tapedeck.api;

import dev.tapedeck.api.exchange.ExchangeEvent;
import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import io.vertx.core.Context;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One attempt to have an answer of an upstream, as events. For one event loop. */
final class UpstreamAttempt {

  private final Context context;
  private final long exchange;
  private final Clients.Connected connection;
  private final HttpClientRequest request;
  private final UpstreamWire wire;
  private final Consumer<ExchangeEvent> events;
  private final Consumer<Throwable> failed;
  private @Nullable HttpClientResponse response;
  private @Nullable Throwable broken;
  private boolean headSent;
  private boolean paused;
  private boolean over;

  /**
   * @param events told what comes
   * @param failed told that nothing more will come
   */
  UpstreamAttempt(
      Context context,
      long exchange,
      Clients.Connected connection,
      Consumer<ExchangeEvent> events,
      Consumer<Throwable> failed) {
    this.context = context;
    this.exchange = exchange;
    this.connection = connection;
    this.request = connection.request();
    this.wire = connection.wire();
    this.events = events;
    this.failed = failed;
  }

  /** Begins the request; its head goes out with what comes first of its body, or else soon. */
  void begin(HttpServerRequest in, List<HttpHeader> fields) {
    Headers.put(fields, request.headers());
    request.exceptionHandler(this::broke);
    wire.interims((status, interim) -> say(new ExchangeEvent.Interim(status, interim)));
    request.response().onSuccess(this::answered).onFailure(this::broke);
    if (Messages.beginRequest(in, request)) {
      // Twice: what is there of the body comes with the turn between.
      context.runOnContext(_ -> context.runOnContext(_ -> writeHead()));
    }
  }

  private void writeHead() {
    if (!headSent && !over) {
      headSent = true;
      request.writeHead();
    }
  }

  void send(Bytes data) {
    headSent = true;
    request.write(Messages.buffer(data));
    if (request.writeQueueFull()) {
      request.drainHandler(_ -> say(new ExchangeEvent.Drained(Side.REQUEST)));
      say(new ExchangeEvent.Full(Side.REQUEST));
    }
  }

  void trailers(List<HttpHeader> fields) {
    wire.trailers(fields);
  }

  void end() {
    headSent = true;
    request.end();
  }

  private void answered(HttpClientResponse from) {
    if (over) {
      return;
    }
    if (from.statusCode() < 200) {
      // What comes behind it cannot be told from it any more: see UpstreamWire.
      broke(
          new UpstreamErrors.NoAnswer(
              "it answered with " + from.statusCode() + " and nothing else"));
      return;
    }
    response = from;
    from.exceptionHandler(this::broke);
    from.handler(data -> say(new ExchangeEvent.AnswerBody(Bytes.of(data.getBytes()))));
    from.endHandler(_ -> ended(from));
    say(
        new ExchangeEvent.Answered(
            new HttpEvent.Answered(
                exchange,
                from.statusCode(),
                Messages.reason(from),
                Messages.version(from.version()),
                Headers.list(from.headers()))));
  }

  private void ended(HttpClientResponse from) {
    if (!from.trailers().isEmpty()) {
      say(new ExchangeEvent.AnswerTrailers(Headers.list(from.trailers())));
    }
    say(new ExchangeEvent.AnswerEnded());
  }

  private void say(ExchangeEvent event) {
    if (!over) {
      events.accept(event);
    }
  }

  /** What the upstream sent before has its turn first. */
  private void broke(Throwable why) {
    if (paused) {
      broken = why;
    } else if (!over) {
      failed.accept(why);
    }
  }

  /** Whether an answer's head has come. */
  boolean isAnswered() {
    return response != null;
  }

  /** Whether no byte of an answer has come. */
  boolean unheard() {
    return !wire.heard();
  }

  void pause() {
    paused = true;
    if (response != null) {
      response.pause();
    }
  }

  void resume() {
    paused = false;
    if (response != null) {
      response.resume();
    }
    Throwable why = broken;
    if (why != null) {
      context.runOnContext(_ -> broke(why));
    }
  }

  /** Wants nothing more of it; its connection is closed, or this stream of it. */
  void cancel() {
    over = true;
    connection.cancel();
  }
}
