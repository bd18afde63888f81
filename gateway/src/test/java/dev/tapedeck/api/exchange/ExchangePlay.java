package dev.tapedeck.api.exchange;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.event.HttpEvent.Side;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.IntUnaryOperator;

/**
 * One exchange, played: events in an order that somebody else chooses, also such as cannot happen,
 * and a stage on which the commands are done that holds what must be true of them.
 */
final class ExchangePlay {

  private static final int REPLAY_LIMIT = 20;

  private final boolean strict;
  private final IntUnaryOperator choose;
  private final Exchange exchange;
  private final List<String> told = new ArrayList<>();

  /** What was given out to be recorded and is not yet, in order. */
  private final Queue<HttpEvent> recording = new ArrayDeque<>();

  private final List<HttpEvent> recorded = new ArrayList<>();
  private final Stream request = new Stream();
  private final Stream response = new Stream();
  private boolean asked;
  private boolean unrecordable;
  private boolean upstreamOpen;
  private boolean upstreamEnded;
  private boolean clientBegun;
  private boolean clientEnded;
  private boolean clientCut;
  private boolean released;
  private boolean finished;
  private int connects;
  private int made;
  private int goOns;
  private boolean unheard;

  /** One body: letters in order, so that each byte can be told from its neighbours. */
  private static final class Stream {
    private final StringBuilder came = new StringBuilder();
    private final StringBuilder sent = new StringBuilder();
    private final StringBuilder kept = new StringBuilder();

    Bytes next(int length) {
      StringBuilder part = new StringBuilder();
      for (int i = 0; i < length; i++) {
        part.append((char) ('a' + (came.length() + i) % 26));
      }
      came.append(part);
      return Bytes.of(part.toString());
    }
  }

  /**
   * @param choose a number from 0 to below its argument
   */
  ExchangePlay(boolean strict, IntUnaryOperator choose) {
    this.strict = strict;
    this.choose = choose;
    this.exchange = new Exchange(1, strict, REPLAY_LIMIT);
  }

  /** Plays some events, then lets the client go and the recorder catch up. */
  void run(int events) {
    try {
      for (int i = 0; i < events; i++) {
        on(choose());
      }
      if (!asked) {
        on(ask());
      }
      on(new ExchangeEvent.ClientGone());
      while (!recording.isEmpty()) {
        on(keep());
      }
      // Whoever has got it whole may go; what was under way is then sent to nobody.
      on(new ExchangeEvent.ClientGone());
      check(released, "not released");
      check(finished, "not finished");
      check(recorded.getFirst() instanceof HttpEvent.Requested, "recorded before the request");
      whole();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError((strict ? "strict: " : "best effort: ") + told, e);
    }
  }

  /** What is said to be complete has passed as it came and is recorded as it passed. */
  private void whole() {
    boolean complete =
        recorded.stream()
            .anyMatch(
                event -> event instanceof HttpEvent.Finished end && end.end() == End.COMPLETE);
    if (complete && !unrecordable) {
      same(response.sent, response.kept);
    }
    if (upstreamEnded) {
      same(request.sent, request.kept);
    }
  }

  private ExchangeEvent choose() {
    return switch (choose.applyAsInt(20)) {
      case 0 -> ask();
      case 1, 2 -> connect();
      case 3, 4, 5 -> new ExchangeEvent.RequestBody(request.next(1 + choose.applyAsInt(9)));
      case 6 -> new ExchangeEvent.RequestTrailers(Dialogue.fields("t"));
      case 7 -> new ExchangeEvent.RequestEnded();
      case 8 -> new ExchangeEvent.Interim(103, Dialogue.fields("i"));
      case 9 -> Dialogue.answered(200);
      case 10, 11 -> new ExchangeEvent.AnswerBody(response.next(1 + choose.applyAsInt(9)));
      case 12 -> new ExchangeEvent.AnswerTrailers(Dialogue.fields("t"));
      case 13 -> new ExchangeEvent.AnswerEnded();
      case 14 -> fail();
      case 15 -> choose.applyAsInt(4) == 0 ? new ExchangeEvent.ClientGone() : keep();
      case 16 -> choose.applyAsInt(4) == 0 ? Dialogue.timedOut() : keep();
      case 17 -> choose.applyAsInt(4) == 0 ? lose() : keep();
      case 18 -> new ExchangeEvent.Full(side());
      default -> new ExchangeEvent.Drained(side());
    };
  }

  /** Nobody is connected who did not want to be; all else may come at any time. */
  private ExchangeEvent connect() {
    if (made == connects) {
      return new ExchangeEvent.Drained(side());
    }
    made++;
    return new ExchangeEvent.Connected(choose.applyAsInt(2) == 0);
  }

  private ExchangeEvent fail() {
    boolean nothing = choose.applyAsInt(2) == 0;
    unheard |= nothing;
    return Dialogue.failed(nothing);
  }

  private Side side() {
    return choose.applyAsInt(2) == 0 ? Side.REQUEST : Side.RESPONSE;
  }

  private ExchangeEvent ask() {
    asked = true;
    int how = choose.applyAsInt(6);
    return Dialogue.asked(how % 2 == 0, how > 3 ? Dialogue.failure(404, End.COMPLETE) : null);
  }

  private ExchangeEvent keep() {
    HttpEvent oldest = recording.poll();
    if (oldest instanceof HttpEvent.Body body) {
      stream(body.side()).kept.append(body.data().text());
    }
    return oldest == null ? new ExchangeEvent.Drained(side()) : new ExchangeEvent.Recorded();
  }

  private ExchangeEvent lose() {
    if (recording.poll() == null) {
      return new ExchangeEvent.Drained(side());
    }
    unrecordable = true;
    return Dialogue.notRecorded();
  }

  private void on(ExchangeEvent event) {
    told.add(event.getClass().getSimpleName());
    exchange.on(event, 0);
    Command command;
    while ((command = exchange.next()) != null) {
      told.add("> " + Dialogue.words(command));
      run(command);
      if (choose.applyAsInt(16) == 0) {
        // Doing something may be when the next thing happens.
        ExchangeEvent meanwhile = choose();
        told.add("meanwhile " + meanwhile.getClass().getSimpleName());
        exchange.on(meanwhile, 0);
      }
    }
  }

  private void run(Command command) {
    switch (command) {
      case Command.RecordEvent(HttpEvent event, long _) -> record(event);
      case Command.Connect(boolean anew) -> {
        connects++;
        check(anew == (connects == 2), "the wrong connection");
        check(connects <= 2, "sent a third time");
        check(unheard || !anew, "sent once more though heard");
        confirmed();
      }
      case Command.SendHead _ -> {
        check(!finished, "sent behind the end");
        confirmed();
        upstreamOpen = true;
        upstreamEnded = false;
        request.sent.setLength(0);
      }
      case Command.Send(Side side, Bytes data) -> {
        mayBeSent(side);
        Stream stream = stream(side);
        stream.sent.append(data.text());
        if (strict) {
          check(stream.kept.indexOf(stream.sent.toString()) == 0, "sent what is not recorded");
        } else {
          check(stream.came.indexOf(data.text()) >= 0, "sent what did not come");
        }
      }
      case Command.SendTrailers(Side side, _) -> mayBeSent(side);
      case Command.SendEnd(Side side) -> {
        mayBeSent(side);
        if (side == Side.REQUEST) {
          upstreamEnded = true;
        } else {
          clientEnded = true;
        }
      }
      case Command.AnswerHead _ -> beginAnswer();
      case Command.Refuse(OwnAnswer answer, _) -> {
        beginAnswer();
        clientEnded = true;
        response.sent.append(answer.body().text());
      }
      case Command.GoOn _ -> {
        check(++goOns == 1, "told twice to go on");
        check(!clientBegun, "told to go on behind an answer");
      }
      case Command.CloseUpstream _ -> upstreamOpen = false;
      case Command.CutClient _ -> clientCut = true;
      case Command.Release _ -> {
        check(!released, "released twice");
        released = true;
      }
      case Command.Pause _, Command.Resume _ -> {}
    }
  }

  private void beginAnswer() {
    check(!clientBegun, "two answers");
    confirmed();
    clientBegun = true;
  }

  private void mayBeSent(Side side) {
    check(side == Side.REQUEST || !clientCut, "sent after it was cut");
    confirmed();
    if (side == Side.REQUEST) {
      check(upstreamOpen, "sent to a closed upstream");
      check(!upstreamEnded, "sent behind the request's end");
    } else {
      check(clientBegun, "sent before the head");
      check(!clientEnded, "sent behind the answer's end");
    }
  }

  /** Under the strict policy nothing goes out while something is not recorded. */
  private void confirmed() {
    if (strict && !unrecordable) {
      check(recording.isEmpty(), "sent before it was recorded");
    }
  }

  private void record(HttpEvent event) {
    check(!finished, "recorded behind the end");
    finished = event instanceof HttpEvent.Finished;
    recorded.add(event);
    if (event instanceof HttpEvent.Body body) {
      Stream stream = stream(body.side());
      if (!strict) {
        stream.kept.append(body.data().text());
      }
    } else if (!(event instanceof HttpEvent.Connected
        || event instanceof HttpEvent.Interim
        || event instanceof HttpEvent.Trailers)) {
      check(recorded.stream().filter(other -> same(other, event)).count() == 1, "recorded twice");
    }
    if (strict) {
      recording.add(event);
    }
  }

  private static void same(StringBuilder sent, StringBuilder kept) {
    check(sent.compareTo(kept) == 0, "passed " + sent + ", recorded " + kept);
  }

  private static void check(boolean holds, String fault) {
    if (!holds) {
      throw new AssertionError(fault);
    }
  }

  private static boolean same(HttpEvent one, HttpEvent other) {
    return one.getClass() == other.getClass()
        && !(one instanceof HttpEvent.BodyEnded a
            && other instanceof HttpEvent.BodyEnded b
            && a.side() != b.side());
  }

  private Stream stream(Side side) {
    return switch (side) {
      case REQUEST -> request;
      case RESPONSE -> response;
    };
  }
}
