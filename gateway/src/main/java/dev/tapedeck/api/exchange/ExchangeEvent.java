package dev.tapedeck.api.exchange;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that happens to an exchange. */
public sealed interface ExchangeEvent {

  /**
   * The request's head has come; the first event.
   *
   * @param waits whether the client sends its body only when it is told to ({@code Expect:
   *     100-continue})
   * @param refusal why it goes nowhere, or null
   */
  record Asked(HttpEvent.Requested request, boolean waits, @Nullable Failure refusal)
      implements ExchangeEvent {}

  /** Bytes of the request's body, which do not change any more. */
  record RequestBody(Bytes data) implements ExchangeEvent {}

  /** Fields behind the request's body. */
  record RequestTrailers(List<HttpHeader> fields) implements ExchangeEvent {}

  /** The request is whole. */
  record RequestEnded() implements ExchangeEvent {}

  /**
   * There is a connection to the upstream.
   *
   * @param reused whether it has carried an exchange before
   */
  record Connected(boolean reused) implements ExchangeEvent {}

  /** An interim answer (1xx). */
  record Interim(int status, List<HttpHeader> fields) implements ExchangeEvent {}

  /** The answer's head has come. */
  record Answered(HttpEvent.Answered head) implements ExchangeEvent {}

  /** Bytes of the answer's body, which do not change any more. */
  record AnswerBody(Bytes data) implements ExchangeEvent {}

  /** Fields behind the answer's body. */
  record AnswerTrailers(List<HttpHeader> fields) implements ExchangeEvent {}

  /** The answer is whole. */
  record AnswerEnded() implements ExchangeEvent {}

  /**
   * The upstream cannot be reached, or its connection is of no use any more.
   *
   * @param unheard whether the connection was closed before any byte of an answer came, as happens
   *     to a kept one that the upstream closes just when it is used again
   */
  record UpstreamFailed(Failure failure, boolean unheard) implements ExchangeEvent {}

  /** The client has gone. */
  record ClientGone() implements ExchangeEvent {}

  /** Nothing has come for too long. */
  record TimedOut(Failure failure) implements ExchangeEvent {}

  /** The oldest {@link Command.RecordEvent} that was given out is recorded (strict policy only). */
  record Recorded() implements ExchangeEvent {}

  /** It could not be recorded (strict policy only). */
  record NotRecorded(Failure failure) implements ExchangeEvent {}

  /** Whoever receives this side's body takes no more for now. */
  record Full(Side side) implements ExchangeEvent {}

  /** Whoever receives this side's body takes more. */
  record Drained(Side side) implements ExchangeEvent {}
}
