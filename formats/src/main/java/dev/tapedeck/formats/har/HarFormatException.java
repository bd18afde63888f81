package dev.tapedeck.formats.har;

import java.io.IOException;

/** A HAR, or a journal, that is not what it should be. The message says where and why. */
public final class HarFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  private final long offset;
  private final boolean cutOff;

  HarFormatException(String reason) {
    super(reason);
    this.offset = -1;
    this.cutOff = false;
  }

  HarFormatException(long offset, String where, String reason, boolean cutOff) {
    super(where + (offset < 0 ? "" : " (byte " + offset + ")") + ": " + reason);
    this.offset = offset;
    this.cutOff = cutOff;
  }

  /** Where in the file, in bytes, about; -1 if that is not known. */
  public long offset() {
    return offset;
  }

  /** Whether the file just ends too early: all entries that were given before are good. */
  public boolean cutOff() {
    return cutOff;
  }
}
