package dev.tapedeck.formats.cast;

import java.io.IOException;

/** A recording that is not what asciicast allows. The message names the line and the reason. */
public final class CastFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  private final long line;
  private final String reason;
  private final boolean cutOff;

  CastFormatException(long line, String reason) {
    this(line, reason, false);
  }

  CastFormatException(long line, String reason, boolean cutOff) {
    super("line " + line + ": " + reason);
    this.line = line;
    this.reason = reason;
    this.cutOff = cutOff;
  }

  /** The line that was refused, from 1. */
  public long line() {
    return line;
  }

  /** Why, and what is allowed, in one sentence without the line's number. */
  public String reason() {
    return reason;
  }

  /**
   * Whether the file ends inside this line: the recording was cut off or is being written, and all
   * that came before is good.
   */
  public boolean cutOff() {
    return cutOff;
  }
}
