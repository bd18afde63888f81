package dev.tapedeck.formats.coding;

/** Where a stage writes to: the next stage or the user, up to a limit. */
public final class Output {

  /** Takes decoded bytes; they lie in a buffer that is used again. */
  interface Target {
    void take(byte[] bytes, int offset, int length) throws DecodeException;
  }

  private final Target target;
  private final long limitBytes;
  private long written;

  Output(Target target, long limitBytes) {
    this.target = target;
    this.limitBytes = limitBytes;
  }

  /** Hands on as much as is allowed, and then stops. */
  public void write(byte[] bytes, int offset, int length) throws DecodeException {
    int allowed = (int) Math.min(length, limitBytes - written);
    if (allowed > 0) {
      written += allowed;
      target.take(bytes, offset, allowed);
    }
    if (allowed < length) {
      throw new DecodeException(new DecodedEnd.TooLarge(limitBytes));
    }
  }

  long written() {
    return written;
  }
}
