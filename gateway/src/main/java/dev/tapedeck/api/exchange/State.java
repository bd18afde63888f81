package dev.tapedeck.api.exchange;

import org.jspecify.annotations.Nullable;

/** How far an exchange has come. */
sealed interface State {
  /** Nothing has happened. */
  record Fresh() implements State {}

  /**
   * Waits for a connection.
   *
   * @param request what has come of the request's body
   * @param again whether it has been sent already, on a connection that was closed
   */
  record Connecting(ResendBuffer request, boolean again) implements State {}

  /**
   * The request goes to the upstream.
   *
   * @param replay what would be sent once more; null where that may not be
   */
  record Sending(@Nullable ResendBuffer replay, boolean again) implements State {}

  /** The answer goes to the client. */
  record Answering(boolean again) implements State {}

  /** The gateway will answer when the request is whole. */
  record Refusing(Failure why) implements State {}

  /** Nothing is to come but the rest of a request that nobody wants. */
  record Over() implements State {}
}
