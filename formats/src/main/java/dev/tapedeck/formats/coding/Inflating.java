package dev.tapedeck.formats.coding;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Deflate data (RFC 1951) being inflated by the JDK, with all that each slice gives. */
final class Inflating {

  private static final int SLICE_BYTES = 8192;

  private final Inflater inflater;
  private final Output output;
  private final byte[] slice = new byte[SLICE_BYTES];

  Inflating(Inflater inflater, Output output) {
    this.inflater = inflater;
    this.output = output;
  }

  /** Inflates the bytes from {@code at} on; returns where the data ended, or {@code end}. */
  int feed(byte[] bytes, int at, int end) throws DecodeException {
    inflater.setInput(bytes, at, end - at);
    while (!inflater.finished()) {
      long before = inflater.getBytesWritten();
      int count;
      try {
        count = inflater.inflate(slice);
      } catch (DataFormatException e) {
        // What came out before the fault lies in the slice all the same.
        output.write(slice, 0, (int) (inflater.getBytesWritten() - before));
        throw DecodeException.corrupt("not deflate data: " + e.getMessage());
      }
      if (count == 0) {
        if (inflater.needsDictionary()) {
          throw DecodeException.corrupt("deflate data that needs a dictionary");
        }
        if (inflater.needsInput()) {
          break;
        }
      }
      output.write(slice, 0, count);
    }
    return end - inflater.getRemaining();
  }

  boolean ended() {
    return inflater.finished();
  }

  void reset() {
    inflater.reset();
  }

  void close() {
    inflater.end();
  }
}
