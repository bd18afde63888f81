package dev.tapedeck.auth;

/** What was decided on one attempt to log in. */
public sealed interface Decision {

  /** Name and proof fit. */
  record Accepted() implements Decision {}

  /**
   * They do not, and the caller comes in all the same: this gateway watches those who should not be
   * here.
   */
  record Honeypot() implements Decision {}

  /** They do not. The same for a wrong proof and for a user that does not exist. */
  record Refused() implements Decision {}

  /** Whether the caller comes in. */
  default boolean enters() {
    return switch (this) {
      case Accepted _, Honeypot _ -> true;
      case Refused _ -> false;
    };
  }
}
