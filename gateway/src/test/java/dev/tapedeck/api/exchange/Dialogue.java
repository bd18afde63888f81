package dev.tapedeck.api.exchange;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An exchange that is talked to: an event in, what it wants done out, in short words. */
final class Dialogue {

  private final Exchange exchange;

  Dialogue(boolean strict) {
    this(strict, 100);
  }

  Dialogue(boolean strict, long replayLimit) {
    this.exchange = new Exchange(1, strict, replayLimit);
  }

  List<String> on(ExchangeEvent event) {
    exchange.on(event, 0);
    List<String> wanted = new ArrayList<>();
    Command command;
    while ((command = exchange.next()) != null) {
      wanted.add(words(command));
    }
    return wanted;
  }

  /** What it wants after several events. */
  List<String> on(ExchangeEvent first, ExchangeEvent... more) {
    List<String> wanted = on(first);
    for (ExchangeEvent event : more) {
      wanted.addAll(on(event));
    }
    return wanted;
  }

  static String words(Command command) {
    return switch (command) {
      case Command.RecordEvent(HttpEvent event, long _) -> "record " + words(event);
      case Command.Connect(boolean anew) -> anew ? "connect anew" : "connect";
      case Command.SendHead _ -> "request head";
      case Command.AnswerHead(HttpEvent.Answered head) -> "answer head " + head.status();
      case Command.Send(Side side, Bytes data) -> side(side) + " " + data.text();
      case Command.SendTrailers(Side side, List<HttpHeader> fields) ->
          side(side) + " trailers " + fields.getFirst().name();
      case Command.SendEnd(Side side) -> side(side) + " end";
      case Command.GoOn _ -> "100";
      case Command.Refuse(OwnAnswer answer, boolean close) ->
          "refuse " + answer.status() + (close ? " and close" : "");
      case Command.Pause(Side side) -> "pause " + side(side);
      case Command.Resume(Side side) -> "resume " + side(side);
      case Command.CloseUpstream _ -> "close upstream";
      case Command.CutClient _ -> "cut client";
      case Command.Release _ -> "release";
    };
  }

  private static String words(HttpEvent event) {
    return switch (event) {
      case HttpEvent.Requested _ -> "requested";
      case HttpEvent.Connected(_, boolean reused) -> reused ? "reused" : "connected";
      case HttpEvent.Answered answered -> Integer.toString(answered.status());
      case HttpEvent.Interim interim -> Integer.toString(interim.status());
      case HttpEvent.Body body -> side(body.side()) + " " + body.data().text();
      case HttpEvent.Trailers trailers -> side(trailers.side()) + " trailers";
      case HttpEvent.Missing missing -> side(missing.side()) + " misses " + missing.bytes();
      case HttpEvent.BodyEnded ended -> side(ended.side()) + " of " + ended.bytes();
      case HttpEvent.Finished finished -> finished.end().label();
    };
  }

  private static String side(Side side) {
    return switch (side) {
      case REQUEST -> "request";
      case RESPONSE -> "answer";
    };
  }

  static ExchangeEvent asked() {
    return asked(false, null);
  }

  static ExchangeEvent asked(boolean waits, @Nullable Failure refusal) {
    return new ExchangeEvent.Asked(
        new HttpEvent.Requested(
            1, Instant.EPOCH, "mine", "POST", "http://x/", "HTTP/1.1", List.of()),
        waits,
        refusal);
  }

  static ExchangeEvent connected(boolean reused) {
    return new ExchangeEvent.Connected(reused);
  }

  static ExchangeEvent request(String data) {
    return new ExchangeEvent.RequestBody(Bytes.of(data));
  }

  static ExchangeEvent requestEnded() {
    return new ExchangeEvent.RequestEnded();
  }

  static ExchangeEvent answered(int status) {
    return new ExchangeEvent.Answered(new HttpEvent.Answered(1, status, "", "HTTP/1.1", List.of()));
  }

  static ExchangeEvent answer(String data) {
    return new ExchangeEvent.AnswerBody(Bytes.of(data));
  }

  static ExchangeEvent answerEnded() {
    return new ExchangeEvent.AnswerEnded();
  }

  static ExchangeEvent failed(boolean unheard) {
    return new ExchangeEvent.UpstreamFailed(failure(502, End.UPSTREAM_EOF), unheard);
  }

  static ExchangeEvent timedOut() {
    return new ExchangeEvent.TimedOut(failure(504, End.TIMEOUT));
  }

  static ExchangeEvent recorded() {
    return new ExchangeEvent.Recorded();
  }

  static ExchangeEvent notRecorded() {
    return new ExchangeEvent.NotRecorded(failure(503, End.ERROR));
  }

  static Failure failure(int status, End end) {
    return new Failure(
        end, "why", new OwnAnswer(status, "No", "HTTP/1.1", List.of(), Bytes.of("sorry")));
  }

  static List<HttpHeader> fields(String name) {
    return List.of(new HttpHeader(name, "1"));
  }
}
