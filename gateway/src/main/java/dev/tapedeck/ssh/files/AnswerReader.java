package dev.tapedeck.ssh.files;

import org.jspecify.annotations.Nullable;

/** Gathers answers of SCP, one at a time. */
final class AnswerReader {

  private final LineReader line = new LineReader();
  private @Nullable ScpAnswer answer;
  private int answerBytes;

  /** Takes bytes up to the end of an answer or of what there is; how many. */
  int take(byte[] array, int offset, int length) {
    if (line.isEmpty() && array[offset] == 0) {
      answer = ScpAnswer.FINE;
      answerBytes = 1;
      return 1;
    }
    int count = line.take(array, offset, length);
    if (line.isComplete()) {
      byte[] whole = line.next();
      answer = ScpAnswer.of(whole);
      answerBytes = whole.length;
    }
    return count;
  }

  boolean isTooLong() {
    return line.isTooLong();
  }

  /** The answer that is complete, once; null if none is. */
  @Nullable ScpAnswer poll() {
    ScpAnswer complete = answer;
    answer = null;
    return complete;
  }

  /** How long the last complete answer was. */
  int answerBytes() {
    return answerBytes;
  }

  /** What there is of the next answer; afterwards there is nothing. */
  byte[] half() {
    return line.next();
  }
}
