package dev.tapedeck.api;

import dev.tapedeck.api.Routes.Route;
import dev.tapedeck.api.redaction.Redaction;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange: the client's request to its upstream, the answer back, and a copy of both to the
 * {@link Tap}. On one event loop; it never waits.
 *
 * <pre>
 *   ROUTED --no session, no key, no connection--> REFUSED --> OVER
 *     |
 *     +--connected--> SENDING --answer's head--> ANSWERING --answer whole--> OVER
 *                        |                          |
 *                        +------ client gone, upstream gone, nothing for too long ------> OVER
 * </pre>
 */
final class Relay {

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  private final Context context;
  private final Clients clients;
  private final ApiOptions options;
  private final HttpServerRequest in;
  private final HttpServerResponse back;
  private final List<HttpHeader> headers;
  private final Route route;
  private final Redaction redaction;
  private final Tap tap;
  private final Runnable release;
  private final IdleWatch idle;
  private @Nullable HttpClientRequest out;
  private boolean over;
  private boolean answering;
  private boolean headSent;
  private boolean sent;

  /** Records the exchange at that place; the redaction knows the route's token already. */
  Relay(
      Context context,
      Clients clients,
      ApiOptions options,
      HttpServerRequest in,
      List<HttpHeader> headers,
      Route route,
      ApiSessions.Place place,
      Redaction redaction) {
    this.context = context;
    this.clients = clients;
    this.options = options;
    this.in = in;
    this.back = in.response();
    this.headers = headers;
    this.route = route;
    this.redaction = redaction;
    this.release = place.release();
    this.tap =
        new Tap(
            place.feed(),
            redaction,
            options,
            action -> context.runOnContext(_ -> action.run()),
            this::notRecorded);
    this.idle = new IdleWatch(context.owner(), options.idleTimeout(), this::tooIdle);
    in.pause();
    back.exceptionHandler(_ -> clientGone());
    back.closeHandler(_ -> clientGone());
    in.exceptionHandler(_ -> clientGone());
  }

  /** Passes the request on. */
  void start() {
    tap.event(requested(), this::connect);
  }

  /** Answers in the upstream's place. */
  void refuse(Refusal refusal) {
    tap.event(requested(), () -> answer(refusal, End.COMPLETE));
  }

  private HttpEvent requested() {
    return new HttpEvent.Requested(
        tap.exchange(),
        Instant.now(),
        route.upstream().name(),
        in.method().name(),
        route.upstream().absolute(route.target()),
        Messages.version(in.version()),
        headers);
  }

  private void connect() {
    if (over) {
      return;
    }
    if ("websocket".equalsIgnoreCase(in.getHeader("upgrade"))) {
      answer(Refusal.noWebSockets(), End.COMPLETE);
      return;
    }
    UpstreamKey key = route.key(in.method().name());
    if (key == null) {
      connect(Headers.endToEnd(headers));
      return;
    }
    context
        .executeBlocking(key::get, /* ordered= */ false)
        .onSuccess(secret -> {
          redaction.know(secret);
          connect(Keys.put(route.upstream(), secret, Headers.endToEnd(headers)));
        })
        .onFailure(e -> answer(Refusal.noKey(String.valueOf(e.getMessage())), End.ERROR));
  }

  private void connect(List<HttpHeader> outgoing) {
    if (over) {
      return;
    }
    clients
        .request(route.upstream(), in.method(), route.target())
        .onSuccess(connection -> connected(connection, outgoing))
        .onFailure(
            e -> answer(Refusal.unreachable(route.upstream(), Failures.words(e)), End.ERROR));
  }

  private void connected(Clients.Connected connection, List<HttpHeader> outgoing) {
    HttpClientRequest request = connection.request();
    if (over) {
      request.reset(Messages.CANCEL);
      return;
    }
    out = request;
    tap.event(new HttpEvent.Connected(tap.exchange(), connection.reused()));
    Headers.put(outgoing, request.headers());
    request.exceptionHandler(this::upstreamFailed);
    request.response().onSuccess(this::answered).onFailure(this::upstreamFailed);
    boolean body = Messages.beginRequest(in, request);
    Messages.goOn(in);
    in.handler(this::requestBody);
    in.endHandler(_ -> requestEnded());
    in.resume();
    if (body) {
      soon(() -> {
        if (!headSent) {
          request.writeHead();
        }
      });
    }
  }

  private void requestBody(Buffer data) {
    HttpClientRequest to = out;
    if (to != null) {
      pass(Side.REQUEST, in, to, data);
    }
  }

  private void pass(Side side, ReadStream<Buffer> from, WriteStream<Buffer> to, Buffer data) {
    idle.moved();
    if (over) {
      return;
    }
    if (options.strict()) {
      from.pause();
    }
    tap.body(
        side,
        data.getBytes(),
        () -> {
          if (over) {
            return;
          }
          headSent |= side == Side.REQUEST;
          to.write(data);
          if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(_ -> from.resume());
          } else if (options.strict()) {
            from.resume();
          }
        });
  }

  private void requestEnded() {
    tap.bodyEnded(
        Side.REQUEST,
        () -> {
          HttpClientRequest to = out;
          sent = true;
          if (!over && to != null) {
            headSent = true;
            to.end();
          }
        });
  }

  private void answered(HttpClientResponse response) {
    idle.moved();
    if (over) {
      return;
    }
    answering = true;
    response.pause();
    List<HttpHeader> fields = Headers.list(response.headers());
    response.exceptionHandler(this::upstreamFailed);
    tap.event(
        new HttpEvent.Answered(
            tap.exchange(),
            response.statusCode(),
            Messages.reason(response),
            Messages.version(response.version()),
            fields),
        () -> passBack(response, fields));
  }

  private void passBack(HttpClientResponse response, List<HttpHeader> fields) {
    if (over) {
      return;
    }
    Headers.put(Headers.endToEnd(fields), back.headers());
    boolean body = Messages.beginAnswer(in.method(), response, back);
    response.handler(data -> pass(Side.RESPONSE, response, back, data));
    response.endHandler(_ -> responseEnded(response));
    response.resume();
    if (body) {
      soon(this::writeHeadBack);
    }
  }

  private void writeHeadBack() {
    if (!back.headWritten()) {
      back.writeHead();
    }
  }

  /** Heads go out with what is there of the body; without it soon, for that may take its time. */
  private void soon(Runnable head) {
    context.runOnContext(_ -> {
      if (!over) {
        head.run();
      }
    });
  }

  private void responseEnded(HttpClientResponse response) {
    if (over) {
      return;
    }
    tap.bodyEnded(
        Side.RESPONSE,
        () -> {
          if (over) {
            return;
          }
          if (back.isChunked()) {
            response.trailers().forEach((name, value) -> back.trailers().add(name, value));
          }
          // Over first: HTTP/2 may tell at once that the stream is closed, as if the client had
          // gone.
          over(End.COMPLETE, null);
          back.end();
          if (!sent) {
            // It was answered before it was whole: the rest has nowhere to go.
            cancel();
            Messages.discard(in);
          }
        });
  }

  /** Answers in the upstream's place, and lets the rest of the request go by. */
  private void answer(Refusal refusal, End end) {
    if (over) {
      return;
    }
    byte[] body = refusal.body(route.api());
    if (in.isEnded()) {
      answer(refusal, end, body);
      return;
    }
    if (out == null) {
      Messages.goOn(in);
    }
    // What the client still sends is recorded too, and has nowhere else to go.
    in.handler(data -> tap.body(Side.REQUEST, data.getBytes(), () -> {}));
    in.endHandler(_ -> {
      tap.bodyEnded(Side.REQUEST, () -> {});
      answer(refusal, end, body);
    });
    in.resume();
  }

  private void answer(Refusal refusal, End end, byte[] body) {
    if (over) {
      return;
    }
    tap.event(
        new HttpEvent.Answered(
            tap.exchange(),
            refusal.status(),
            refusal.reason(),
            Messages.version(in.version()),
            refusal.headers(body)));
    tap.body(Side.RESPONSE, body, () -> {});
    tap.bodyEnded(
        Side.RESPONSE,
        () -> {
          over(end, end == End.COMPLETE ? null : refusal.message());
          refusal.send(back, body);
        });
  }

  private void notRecorded(IOException why) {
    if (over) {
      return;
    }
    over(End.ERROR, "not recorded: " + why.getMessage());
    if (back.headWritten()) {
      back.reset(Messages.INTERNAL_ERROR);
    } else {
      Refusal refusal = Refusal.notRecorded(String.valueOf(why.getMessage()));
      refusal.send(back, refusal.body(route.api()));
    }
    cancel();
  }

  private void clientGone() {
    if (!over) {
      over(End.CLIENT_ABORT, null);
      cancel();
    }
  }

  private void upstreamFailed(Throwable why) {
    if (over) {
      return;
    }
    End end = Failures.end(why);
    String words = Failures.words(why);
    if (answering) {
      cutOff(end, words);
    } else {
      answer(Refusal.unreachable(route.upstream(), words), end);
    }
    cancel();
  }

  private void tooIdle() {
    String words = "nothing came for " + options.idleTimeout().toSeconds() + " s";
    if (answering) {
      cutOff(End.TIMEOUT, words);
    } else {
      // Also if the client has not sent all: its end may never come.
      Refusal refusal = Refusal.timedOut(route.upstream(), words);
      answer(refusal, End.TIMEOUT, refusal.body(route.api()));
      Messages.discard(in);
    }
    cancel();
  }

  /** What the client has of the answer is all that it gets. */
  private void cutOff(End end, String words) {
    over(end, words);
    writeHeadBack();
    back.reset(Messages.INTERNAL_ERROR);
  }

  private void cancel() {
    HttpClientRequest to = out;
    if (to != null) {
      to.reset(Messages.CANCEL);
    }
  }

  private void over(End end, @Nullable String error) {
    over = true;
    idle.stop();
    tap.finished(end, error);
    release.run();
    LOG.debug("{} to {}: {}, {}", in.method(), route.upstream().name(), end, error);
  }
}
