package dev.tapedeck.formats.json;

/** Text that is not JSON: where, and why. */
public final class JsonException extends Exception {

  private static final long serialVersionUID = 1L;

  private final long offset;

  JsonException(long offset, String reason) {
    super("not JSON at byte " + offset + ": " + reason);
    this.offset = offset;
  }

  /** How many bytes of the text were understood, about. */
  public long offset() {
    return offset;
  }
}
