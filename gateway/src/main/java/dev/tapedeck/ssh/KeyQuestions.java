package dev.tapedeck.ssh;

import java.time.Instant;

/**
 * Which keys a client has asked about without using them. An agent asks about all that it holds, so
 * it is one attempt to log in however many there are, and none if the client gets in after all.
 */
final class KeyQuestions {

  private final Instant first = Instant.now();
  private final String user;
  private String fingerprint = "";
  private boolean known;
  private int count;

  KeyQuestions(String user) {
    this.user = user;
  }

  /** Whose keys: the library ends a connection that asks for another user. */
  String user() {
    return user;
  }

  /** One more; one of the user's own keys tells more than the others. */
  void add(String of, boolean usersOwn) {
    if (count == 0 || (usersOwn && !known)) {
      fingerprint = of;
      known = usersOwn;
    }
    count++;
  }

  /** When the first was asked. */
  Instant first() {
    return first;
  }

  /** The key to remember. */
  String fingerprint() {
    return fingerprint;
  }

  int count() {
    return count;
  }
}
