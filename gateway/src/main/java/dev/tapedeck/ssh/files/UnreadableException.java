package dev.tapedeck.ssh.files;

/** A packet or line that makes no sense; the message says why. */
final class UnreadableException extends Exception {

  private static final long serialVersionUID = 1;

  UnreadableException(String why) {
    super(why, null, false, false);
  }

  /** Why, never null. */
  String why() {
    return String.valueOf(getMessage());
  }
}
