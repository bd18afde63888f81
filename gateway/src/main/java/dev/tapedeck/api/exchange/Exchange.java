package dev.tapedeck.api.exchange;

import dev.tapedeck.api.exchange.Command.AnswerHead;
import dev.tapedeck.api.exchange.Command.CloseUpstream;
import dev.tapedeck.api.exchange.Command.Connect;
import dev.tapedeck.api.exchange.Command.CutClient;
import dev.tapedeck.api.exchange.Command.GoOn;
import dev.tapedeck.api.exchange.Command.Pause;
import dev.tapedeck.api.exchange.Command.Refuse;
import dev.tapedeck.api.exchange.Command.Release;
import dev.tapedeck.api.exchange.Command.Resume;
import dev.tapedeck.api.exchange.Command.Send;
import dev.tapedeck.api.exchange.Command.SendEnd;
import dev.tapedeck.api.exchange.Command.SendHead;
import dev.tapedeck.api.exchange.Command.SendTrailers;
import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One exchange. Takes events in the order in which they happen and yields commands in the order in
 * which they are to be done. For one thread.
 *
 * <pre>
 *   FRESH --asked--> CONNECTING --connected--> SENDING --answer's head--> ANSWERING --its end--> OVER
 *     |                |    ^                   |   |                       |
 *     |                |    +--closed unheard---+   |                       |
 *     +-- refused -----+---------- failed ----------+                       |
 *     v                                                                     |
 *   REFUSING --request whole, or its body not asked for yet--> OVER <-------+
 *
 *   and from everywhere: client gone, nothing for too long, not recorded --> OVER
 * </pre>
 *
 * <p>Beside it the request goes its own way ({@link Upload}): an upstream may answer before it has
 * the whole of it, and then the rest goes by.
 */
public final class Exchange {

  /** The request's body. */
  private enum Upload {
    /** The client waits to be told to send it. */
    ASKS,
    COMES,
    WHOLE
  }

  private final long number;
  private final long resendLimit;
  private final Outbox out;
  private long now;
  private final Flow request = new Flow(Side.REQUEST, false);
  private final Flow response = new Flow(Side.RESPONSE, true);
  private State state = new State.Fresh();
  private Upload upload = Upload.COMES;

  /**
   * An exchange whose request is not read yet.
   *
   * @param number within its session
   * @param strict whether nothing may pass that is not recorded
   * @param resendLimit how many bytes of a request are kept to be sent once more
   */
  public Exchange(long number, boolean strict, long resendLimit) {
    this.number = number;
    this.resendLimit = resendLimit;
    this.out = new Outbox(strict);
  }

  /** What is to be done next; null if nothing is until something else happens. */
  public @Nullable Command next() {
    Command next = out.poll();
    if (next == null) {
      read(request);
      read(response);
      next = out.poll();
    }
    return next;
  }

  /**
   * Takes what happened.
   *
   * @param at when, by {@link System#nanoTime}: what is recorded of it bears this time, however
   *     long it waits
   */
  public void on(ExchangeEvent event, long at) {
    now = at;
    switch (event) {
      case ExchangeEvent.Asked asked -> asked(asked);
      case ExchangeEvent.Connected(boolean reused) -> connected(reused);
      case ExchangeEvent.RequestBody(Bytes data) -> requestBody(data);
      case ExchangeEvent.RequestTrailers(List<HttpHeader> fields) -> requestTrailers(fields);
      case ExchangeEvent.RequestEnded _ -> requestEnded();
      case ExchangeEvent.Interim(int status, List<HttpHeader> fields) -> interim(status, fields);
      case ExchangeEvent.Answered(HttpEvent.Answered head) -> answered(head);
      case ExchangeEvent.AnswerBody(Bytes data) -> answerBody(data);
      case ExchangeEvent.AnswerTrailers(List<HttpHeader> fields) -> answerTrailers(fields);
      case ExchangeEvent.AnswerEnded _ -> answerEnded();
      case ExchangeEvent.UpstreamFailed(Failure why, boolean unheard) -> failed(why, unheard);
      case ExchangeEvent.ClientGone _ -> clientGone();
      case ExchangeEvent.TimedOut(Failure why) -> timedOut(why);
      case ExchangeEvent.Recorded _ -> out.recorded();
      case ExchangeEvent.NotRecorded(Failure why) -> notRecorded(why);
      case ExchangeEvent.Full(Side side) -> flow(side).full = true;
      case ExchangeEvent.Drained(Side side) -> flow(side).full = false;
    }
  }

  private void asked(ExchangeEvent.Asked asked) {
    if (!(state instanceof State.Fresh)) {
      return;
    }
    record(asked.request());
    upload = asked.waits() ? Upload.ASKS : Upload.COMES;
    if (asked.refusal() != null) {
      refuse(asked.refusal());
    } else {
      out.add(new Connect(false));
      state = new State.Connecting(new ResendBuffer(resendLimit), false);
    }
  }

  private void connected(boolean reused) {
    if (!(state instanceof State.Connecting(ResendBuffer body, boolean again))) {
      if (state instanceof State.Over || state instanceof State.Refusing) {
        // It has come too late.
        out.add(new CloseUpstream());
      }
      return;
    }
    out.add(new SendHead());
    record(new HttpEvent.Connected(number, reused));
    if (upload == Upload.ASKS) {
      upload = Upload.COMES;
      out.add(new GoOn());
    }
    body.parts().forEach(part -> out.add(new Send(Side.REQUEST, part)));
    if (!body.trailers().isEmpty()) {
      out.add(new SendTrailers(Side.REQUEST, body.trailers()));
    }
    if (upload == Upload.WHOLE) {
      out.add(new SendEnd(Side.REQUEST));
    }
    request.full = false;
    state = new State.Sending(reused && !again && !body.isTooLong() ? body : null, again);
  }

  private void requestBody(Bytes data) {
    if (upload == Upload.WHOLE) {
      return;
    }
    switch (state) {
      case State.Connecting(ResendBuffer body, _) -> {
        recordBody(request, data);
        body.add(data);
      }
      case State.Sending(ResendBuffer replay, boolean again) -> {
        pass(request, data);
        if (replay != null) {
          replay.add(data);
          state = replay.isTooLong() ? new State.Sending(null, again) : state;
        }
      }
      case State.Answering _ -> pass(request, data);
      case State.Refusing _ -> recordBody(request, data);
      case State.Fresh _, State.Over _ -> {}
    }
  }

  private void requestTrailers(List<HttpHeader> fields) {
    if (upload == Upload.WHOLE || state instanceof State.Fresh || state instanceof State.Over) {
      return;
    }
    record(new HttpEvent.Trailers(number, Side.REQUEST, fields));
    switch (state) {
      case State.Connecting(ResendBuffer body, _) -> body.trailers(fields);
      case State.Sending(ResendBuffer replay, _) -> {
        out.add(new SendTrailers(Side.REQUEST, fields));
        if (replay != null) {
          replay.trailers(fields);
        }
      }
      case State.Answering _ -> out.add(new SendTrailers(Side.REQUEST, fields));
      case State.Fresh _, State.Refusing _, State.Over _ -> {}
    }
  }

  private void requestEnded() {
    if (upload == Upload.WHOLE) {
      return;
    }
    upload = Upload.WHOLE;
    switch (state) {
      case State.Connecting _ -> ended(request);
      case State.Sending _, State.Answering _ -> {
        ended(request);
        out.add(new SendEnd(Side.REQUEST));
      }
      case State.Refusing(Failure why) -> {
        ended(request);
        answer(why);
      }
      case State.Fresh _, State.Over _ -> {}
    }
  }

  private void interim(int status, List<HttpHeader> fields) {
    if (state instanceof State.Sending(_, boolean again)) {
      record(new HttpEvent.Interim(number, status, fields));
      state = new State.Sending(null, again);
    }
  }

  private void answered(HttpEvent.Answered head) {
    if (state instanceof State.Sending(_, boolean again)) {
      record(head);
      out.add(new AnswerHead(head));
      state = new State.Answering(again);
    }
  }

  private void answerBody(Bytes data) {
    if (state instanceof State.Answering) {
      pass(response, data);
    }
  }

  private void answerTrailers(List<HttpHeader> fields) {
    if (state instanceof State.Answering) {
      record(new HttpEvent.Trailers(number, Side.RESPONSE, fields));
      out.add(new SendTrailers(Side.RESPONSE, fields));
    }
  }

  private void answerEnded() {
    if (!(state instanceof State.Answering(boolean again))) {
      return;
    }
    ended(response);
    out.add(new SendEnd(Side.RESPONSE));
    if (again || upload != Upload.WHOLE) {
      // Answered before it was whole: the rest has nowhere to go.
      out.add(new CloseUpstream());
    }
    over(End.COMPLETE, null);
  }

  private void failed(Failure why, boolean unheard) {
    switch (state) {
      case State.Connecting _ -> {
        out.dropUpstream();
        refuse(why);
      }
      case State.Sending(ResendBuffer replay, _) -> {
        out.dropUpstream();
        out.add(new CloseUpstream());
        if (unheard && replay != null) {
          out.add(new Connect(true));
          state = new State.Connecting(replay, true);
        } else {
          refuse(why);
        }
      }
      case State.Answering _ -> {
        out.dropUpstream();
        out.add(new CloseUpstream());
        out.add(new CutClient());
        over(why.end(), why.words());
      }
      case State.Fresh _, State.Refusing _, State.Over _ -> {}
    }
  }

  private void clientGone() {
    // Whoever has the last byte may go before the gateway says that it was the last.
    if (!(state instanceof State.Over && out.isSent()) && interrupted()) {
      over(End.CLIENT_ABORT, null);
    }
  }

  private void timedOut(Failure why) {
    boolean answering = state instanceof State.Answering || state instanceof State.Over;
    if (!interrupted()) {
      if (upload != Upload.WHOLE && state instanceof State.Over) {
        out.add(new CutClient());
      }
    } else if (answering) {
      out.add(new CutClient());
      over(why.end(), why.words());
    } else {
      answer(why);
    }
  }

  private void notRecorded(Failure why) {
    out.waitNoMore();
    if (!interrupted()) {
      return;
    }
    if (out.headSent()) {
      out.add(new CutClient());
    } else {
      out.add(refusal(why));
    }
    over(why.end(), why.words());
  }

  /** Whether there was something to interrupt. */
  private boolean interrupted() {
    if (state instanceof State.Fresh || out.finished()) {
      return false;
    }
    out.dropUnsent();
    out.add(new CloseUpstream());
    return true;
  }

  private void refuse(Failure why) {
    if (upload == Upload.COMES) {
      // What the client still sends is recorded, too.
      state = new State.Refusing(why);
    } else {
      answer(why);
    }
  }

  private void answer(Failure why) {
    Refuse refusal = refusal(why);
    OwnAnswer own = refusal.answer();
    record(
        new HttpEvent.Answered(number, own.status(), own.reason(), own.version(), own.headers()));
    recordBody(response, own.body());
    ended(response);
    out.add(refusal);
    over(why.end(), why.words());
  }

  private Refuse refusal(Failure why) {
    boolean close = upload != Upload.WHOLE && why.answer().endsConnections();
    return new Refuse(close ? why.answer().closing() : why.answer(), close);
  }

  private void over(End end, @Nullable String words) {
    record(new HttpEvent.Finished(number, end, words));
    out.add(new Release());
    state = new State.Over();
  }

  private void pass(Flow flow, Bytes data) {
    recordBody(flow, data);
    out.add(new Send(flow.side, data));
  }

  private void recordBody(Flow flow, Bytes data) {
    flow.bytes += data.length();
    record(new HttpEvent.Body(number, flow.side, data, /* plain= */ false));
  }

  private void ended(Flow flow) {
    record(new HttpEvent.BodyEnded(number, flow.side, flow.bytes));
  }

  private void record(HttpEvent event) {
    out.add(new Command.RecordEvent(event, now));
  }

  private Flow flow(Side side) {
    return switch (side) {
      case REQUEST -> request;
      case RESPONSE -> response;
    };
  }

  /** Reads on or not, as is right now. */
  private void read(Flow flow) {
    boolean right = right(flow);
    if (right != flow.reading) {
      flow.reading = right;
      out.now(right ? new Resume(flow.side) : new Pause(flow.side));
    }
  }

  private boolean right(Flow flow) {
    return switch (state) {
      case State.Fresh _, State.Connecting _ -> flow.side == Side.RESPONSE;
      case State.Sending _, State.Answering _ -> !flow.full && !out.isLong();
      case State.Refusing _ -> !out.isLong();
      case State.Over _ -> true;
    };
  }
}
