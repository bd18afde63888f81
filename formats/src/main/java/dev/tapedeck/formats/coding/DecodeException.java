package dev.tapedeck.formats.coding;

/** Decoding of a body cannot go on; it carries how it ended. Expected, so it has no stack trace. */
public final class DecodeException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient DecodedEnd end;

  DecodeException(DecodedEnd end) {
    super(end.reason(), null, false, false);
    this.end = end;
  }

  public static DecodeException corrupt(String reason) {
    return new DecodeException(new DecodedEnd.Corrupt(reason));
  }

  public static DecodeException truncated(String reason) {
    return new DecodeException(new DecodedEnd.Truncated(reason));
  }

  DecodedEnd end() {
    return end;
  }
}
