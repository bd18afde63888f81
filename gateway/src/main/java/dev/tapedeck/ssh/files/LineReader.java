package dev.tapedeck.ssh.files;

import java.io.ByteArrayOutputStream;

/** Gathers a line of SCP. */
final class LineReader {

  /** OpenSSH's scp takes lines of up to 16 KiB (and older ones of 2 KiB). */
  static final int MAX_LINE_BYTES = 16 * 1024;

  static final String TOO_LONG = "a line of more than " + MAX_LINE_BYTES + " bytes";

  private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
  private boolean complete;

  /** Takes bytes up to the end of the line or of what there is; how many. */
  int take(byte[] array, int offset, int length) {
    int count = 0;
    while (count < length && !complete && !isTooLong()) {
      byte next = array[offset + count++];
      line.write(next);
      complete = next == '\n';
    }
    return count;
  }

  boolean isComplete() {
    return complete;
  }

  boolean isTooLong() {
    return line.size() > MAX_LINE_BYTES;
  }

  boolean isEmpty() {
    return line.size() == 0;
  }

  /** What was gathered, with its line feed; afterwards the next line begins. */
  byte[] next() {
    byte[] gathered = line.toByteArray();
    line.reset();
    complete = false;
    return gathered;
  }
}
