package dev.tapedeck.api;

import dev.tapedeck.api.Routes.Route;
import dev.tapedeck.api.exchange.Command;
import dev.tapedeck.api.exchange.Exchange;
import dev.tapedeck.api.exchange.ExchangeEvent;
import dev.tapedeck.api.exchange.Failure;
import dev.tapedeck.api.exchange.OwnAnswer;
import dev.tapedeck.api.redaction.Redaction;
import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@link Exchange} on Vert.x: what happens to the client's request and to its {@link
 * UpstreamAttempt} becomes events, and the commands are done. On one event loop; it never waits.
 */
final class Relay {

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  /** How long a client that was refused may go on sending until its connection is closed. */
  private static final long LINGER_MILLIS = 1_000;

  private final Context context;
  private final Clients clients;
  private final ApiOptions options;
  private final HttpServerRequest in;
  private final HttpServerResponse back;
  private final List<HttpHeader> headers;
  private final Route route;
  private final Redaction redaction;
  private final ExchangeRecorder tap;
  private final Runnable release;
  private final IdleWatch idle;
  private final Exchange exchange;
  private List<HttpHeader> outgoing = List.of();
  private Clients.@Nullable Connected connection;
  private @Nullable UpstreamAttempt call;
  private boolean working;
  private boolean wanted = true;

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
    this.tap = new ExchangeRecorder(place.feed(), redaction, options, this::recorded);
    this.exchange = new Exchange(tap.exchange(), options.strict(), options.limits().resendLimit());
    this.idle = new IdleWatch(context.owner(), options.idleTimeout(), this::tooIdle);
    in.pause();
    in.handler(data -> {
      if (wanted) {
        on(new ExchangeEvent.RequestBody(Bytes.of(data.getBytes())));
      }
    });
    in.endHandler(_ -> requestEnded());
    in.exceptionHandler(_ -> clientGone());
    back.exceptionHandler(_ -> clientGone());
    back.closeHandler(_ -> clientGone());
  }

  /** Passes the request on. */
  void start() {
    begin(
        "websocket".equalsIgnoreCase(in.getHeader("upgrade"))
            ? failure(Refusal.noWebSockets(), End.COMPLETE)
            : null);
  }

  /** Answers in the upstream's place. */
  void refuse(Refusal refusal) {
    begin(failure(refusal, End.COMPLETE));
  }

  private void begin(@Nullable Failure refusal) {
    on(
        new ExchangeEvent.Asked(
            new HttpEvent.Requested(
                tap.exchange(),
                Instant.now(),
                route.upstream().name(),
                in.method().name(),
                route.upstream().absolute(route.target()),
                Messages.version(in.version()),
                headers),
            Messages.waits(in),
            refusal));
  }

  /** Takes an event and does what follows; what happens meanwhile is done after it. */
  private void on(ExchangeEvent event) {
    idle.moved();
    exchange.on(event, System.nanoTime());
    if (working) {
      return;
    }
    working = true;
    try {
      Command command;
      while ((command = exchange.next()) != null) {
        tryTo(command);
      }
    } finally {
      working = false;
    }
  }

  private void tryTo(Command command) {
    try {
      run(command);
    } catch (RuntimeException e) {
      LOG.warn("{} to {} went wrong", in.method(), route.upstream().name(), e);
      if (command.toUpstream()) {
        failed(e);
      } else {
        on(new ExchangeEvent.ClientGone());
      }
    }
  }

  private void run(Command command) {
    switch (command) {
      case Command.RecordEvent(HttpEvent event, long at) -> tap.record(event, at);
      case Command.Connect(boolean anew) -> connect(anew);
      case Command.SendHead _ -> beginCall();
      case Command.Send(Side side, Bytes data) -> send(side, data);
      case Command.SendTrailers(Side side, List<HttpHeader> fields) -> trailers(side, fields);
      case Command.SendEnd(Side side) -> end(side);
      case Command.AnswerHead(HttpEvent.Answered head) -> answer(head);
      case Command.GoOn _ -> back.writeContinue();
      case Command.Refuse(OwnAnswer answer, boolean close) -> refuse(answer, close);
      case Command.Pause(Side side) -> read(side, false);
      case Command.Resume(Side side) -> read(side, true);
      case Command.CloseUpstream _ -> closeUpstream();
      case Command.CutClient _ -> cut();
      case Command.Release _ -> release();
    }
  }

  private void connect(boolean anew) {
    UpstreamKey key = route.key(in.method().name());
    if (anew || key == null) {
      outgoing = anew ? outgoing : Headers.endToEnd(headers);
      request(anew);
      return;
    }
    context
        .executeBlocking(key::get, /* ordered= */ false)
        .onSuccess(secret -> {
          redaction.know(secret);
          outgoing = CredentialInjector.put(route.upstream(), secret, Headers.endToEnd(headers));
          request(false);
        })
        .onFailure(e -> unconnected(Refusal.noKey(String.valueOf(e.getMessage())), End.ERROR));
  }

  private void request(boolean anew) {
    try {
      clients
          .request(route.upstream(), in.method(), route.target(), anew)
          .onSuccess(made -> {
            connection = made;
            on(new ExchangeEvent.Connected(made.reused()));
          })
          .onFailure(this::unconnected);
    } catch (RuntimeException e) {
      unconnected(e);
    }
  }

  private void unconnected(Throwable why) {
    String words = UpstreamErrors.words(why);
    unconnected(
        UpstreamErrors.reached(why)
            ? Refusal.badAnswer(route.upstream(), words)
            : Refusal.unreachable(route.upstream(), words),
        End.ERROR);
  }

  private void unconnected(Refusal refusal, End end) {
    on(new ExchangeEvent.UpstreamFailed(failure(refusal, end), /* unheard= */ false));
  }

  private void beginCall() {
    Clients.Connected made = connection;
    if (made == null) {
      throw new IllegalStateException("not connected");
    }
    UpstreamAttempt begun =
        new UpstreamAttempt(context, tap.exchange(), made, this::on, this::failed);
    call = begun;
    begun.begin(in, outgoing);
  }

  private void failed(Throwable why) {
    UpstreamAttempt failed = call;
    boolean unheard = failed != null && failed.unheard() && UpstreamErrors.closed(why);
    String words = UpstreamErrors.words(why);
    Refusal refusal = Refusal.badAnswer(route.upstream(), words);
    on(
        new ExchangeEvent.UpstreamFailed(
            new Failure(
                UpstreamErrors.end(why),
                failed != null && failed.isAnswered() ? words : refusal.message(),
                own(refusal)),
            unheard));
  }

  private void send(Side side, Bytes data) {
    UpstreamAttempt to = call;
    if (side == Side.RESPONSE) {
      back.write(Messages.buffer(data));
      if (back.writeQueueFull()) {
        back.drainHandler(_ -> on(new ExchangeEvent.Drained(Side.RESPONSE)));
        on(new ExchangeEvent.Full(Side.RESPONSE));
      }
    } else if (to != null) {
      to.send(data);
    }
  }

  private void trailers(Side side, List<HttpHeader> fields) {
    UpstreamAttempt to = call;
    if (side == Side.RESPONSE) {
      if (back.isChunked()) {
        Headers.put(fields, back.trailers());
      }
    } else if (to != null) {
      to.trailers(fields);
    }
  }

  private void end(Side side) {
    UpstreamAttempt to = call;
    if (side == Side.RESPONSE) {
      back.end();
    } else if (to != null) {
      to.end();
    }
  }

  private void answer(HttpEvent.Answered head) {
    Headers.put(Headers.endToEnd(head.headers()), back.headers());
    if (Messages.beginAnswer(in.method(), head, back)) {
      // It goes out with what is there of the body; without it soon, for that may take its time.
      context.runOnContext(_ -> {
        if (wanted) {
          writeHead();
        }
      });
    }
  }

  private void writeHead() {
    if (!back.headWritten()) {
      back.writeHead();
    }
  }

  private void refuse(OwnAnswer answer, boolean close) {
    back.setStatusCode(answer.status()).setStatusMessage(answer.reason());
    Headers.put(answer.headers(), back.headers());
    back.end(Messages.buffer(answer.body()));
    if (close) {
      context.owner().setTimer(LINGER_MILLIS, _ -> in.connection().close());
    }
  }

  private void read(Side side, boolean on) {
    UpstreamAttempt from = call;
    if (side == Side.REQUEST) {
      if (on) {
        in.resume();
      } else {
        in.pause();
      }
    } else if (from != null) {
      if (on) {
        from.resume();
      } else {
        from.pause();
      }
    }
  }

  private void closeUpstream() {
    UpstreamAttempt to = call;
    Clients.Connected made = connection;
    if (to != null) {
      to.cancel();
    } else if (made != null) {
      made.cancel();
    }
    call = null;
    connection = null;
  }

  /** What the client has of the answer is all that it gets. */
  private void cut() {
    writeHead();
    back.reset(Messages.INTERNAL_ERROR);
  }

  private void release() {
    wanted = false;
    if (in.isEnded()) {
      idle.stop();
    }
    release.run();
  }

  private void requestEnded() {
    if (!wanted) {
      idle.stop();
    }
    List<HttpHeader> trailers = RequestTrailers.take(in.connection());
    if (!trailers.isEmpty()) {
      on(new ExchangeEvent.RequestTrailers(trailers));
    }
    on(new ExchangeEvent.RequestEnded());
  }

  private void clientGone() {
    if (!wanted) {
      idle.stop();
    }
    on(new ExchangeEvent.ClientGone());
  }

  private void tooIdle() {
    String words = "nothing came for " + options.idleTimeout().toSeconds() + " s";
    Refusal refusal = Refusal.timedOut(route.upstream(), words);
    on(new ExchangeEvent.TimedOut(new Failure(End.TIMEOUT, words, own(refusal))));
  }

  private void recorded(@Nullable IOException why) {
    context.runOnContext(_ -> on(why == null ? new ExchangeEvent.Recorded() : notRecorded(why)));
  }

  private ExchangeEvent notRecorded(IOException why) {
    String words = String.valueOf(why.getMessage());
    return new ExchangeEvent.NotRecorded(
        new Failure(End.ERROR, "not recorded: " + words, own(Refusal.notRecorded(words))));
  }

  private Failure failure(Refusal refusal, End end) {
    return new Failure(end, end == End.COMPLETE ? null : refusal.message(), own(refusal));
  }

  private OwnAnswer own(Refusal refusal) {
    byte[] body = refusal.body(route.api());
    return new OwnAnswer(
        refusal.status(),
        refusal.reason(),
        Messages.version(in.version()),
        refusal.headers(body),
        Bytes.of(body));
  }
}
