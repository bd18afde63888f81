package dev.tapedeck.cli.config;

/** A text that must not appear in a log, an error or a listing: {@link #toString} hides it. */
public record Secret(String value) {

  @Override
  public String toString() {
    return "[hidden]";
  }
}
