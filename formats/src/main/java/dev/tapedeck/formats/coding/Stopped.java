package dev.tapedeck.formats.coding;

/** Decoding of a body cannot go on; it carries how it ended. Expected, so it has no stack trace. */
public final class Stopped extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient DecodedEnd end;

  Stopped(DecodedEnd end) {
    super(end.reason(), null, false, false);
    this.end = end;
  }

  public static Stopped corrupt(String reason) {
    return new Stopped(new DecodedEnd.Corrupt(reason));
  }

  public static Stopped truncated(String reason) {
    return new Stopped(new DecodedEnd.Truncated(reason));
  }

  DecodedEnd end() {
    return end;
  }
}
