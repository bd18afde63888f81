package dev.tapedeck.api.exchange;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import java.util.List;

/** Something that is to be done for an exchange; in order. */
public sealed interface Command {

  /**
   * Record this.
   *
   * @param at when it happened, by {@link System#nanoTime}
   */
  record RecordEvent(HttpEvent event, long at) implements Command {}

  /**
   * Connect to the upstream.
   *
   * @param anew on a connection of its own, which no exchange has used
   */
  record Connect(boolean anew) implements Command {}

  /** Begin the request to the upstream. */
  record SendHead() implements Command {}

  /** Begin the answer to the client. */
  record AnswerHead(HttpEvent.Answered head) implements Command {}

  /** Send bytes of a body: the request's to the upstream, the response's to the client. */
  record Send(Side side, Bytes data) implements Command {}

  /** Send these fields behind the body. */
  record SendTrailers(Side side, List<HttpHeader> fields) implements Command {}

  /** End the message. */
  record SendEnd(Side side) implements Command {}

  /** Tell the client to send its body. */
  record GoOn() implements Command {}

  /**
   * Answer in the upstream's place.
   *
   * @param close whether the connection ends with it, since what comes behind is no request
   */
  record Refuse(OwnAnswer answer, boolean close) implements Command {}

  /** Read no more of this side's body for now. */
  record Pause(Side side) implements Command {}

  /** Read on. */
  record Resume(Side side) implements Command {}

  /** Cancel the request to the upstream; its connection carries no other exchange. */
  record CloseUpstream() implements Command {}

  /** Break the client's answer off, so that it does not look whole. */
  record CutClient() implements Command {}

  /** The exchange is over: give back what it holds. */
  record Release() implements Command {}

  /** Whether it lets something out, so that what was recorded before it must be recorded. */
  default boolean lets() {
    return switch (this) {
      case Connect _,
          SendHead _,
          AnswerHead _,
          Send _,
          SendTrailers _,
          SendEnd _,
          GoOn _,
          Refuse _,
          CutClient _ ->
          true;
      case RecordEvent _, Pause _, Resume _, CloseUpstream _, Release _ -> false;
    };
  }

  /** Whether it is for the upstream's request. */
  default boolean toUpstream() {
    return switch (this) {
      case Connect _, SendHead _ -> true;
      case Send send -> send.side() == Side.REQUEST;
      case SendTrailers send -> send.side() == Side.REQUEST;
      case SendEnd end -> end.side() == Side.REQUEST;
      case RecordEvent _,
          AnswerHead _,
          GoOn _,
          Refuse _,
          Pause _,
          Resume _,
          CloseUpstream _,
          CutClient _,
          Release _ ->
          false;
    };
  }
}
