package dev.tapedeck.api;

import org.jspecify.annotations.Nullable;

/** Who sent a request, as far as that decides where it is recorded. */
sealed interface Caller {

  /**
   * Somebody whose requests are recorded.
   *
   * @param place where
   * @param inSession whether that is a sandbox's or a run's session, which is given the owner's
   *     keys
   * @param refusal why this request goes no further, or null
   */
  record Known(ApiSessions.Place place, boolean inSession, @Nullable Refusal refusal)
      implements Caller {}

  /** Somebody who is sent away, and of whom nothing is kept but a line in the log. */
  record Stranger(Refusal refusal) implements Caller {}
}
