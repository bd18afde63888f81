package dev.tapedeck.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * What a terminal showed for a while, with the moment of each line.
 *
 * @param millis when the first line was complete, after the session's start
 * @param delays how much later than the one before each line was complete, in milliseconds; nothing
 *     stands for 0, commas between
 * @param text the lines
 */
record ScreenLines(long millis, String delays, String text) {

  /** What a person sees at once: a terminal's usual height. */
  static final int MAX_SCREEN_LINES = 24;

  /** A screen is no longer, but for its last line. */
  static final int MAX_SCREEN_CHARS = 4096;

  /** One string of it, whose other half is {@link #of}. */
  String packed() {
    return delays + "\n" + text;
  }

  static ScreenLines of(long millis, String packed) {
    int end = packed.indexOf('\n');
    return end < 0
        ? new ScreenLines(millis, "", packed)
        : new ScreenLines(millis, packed.substring(0, end), packed.substring(end + 1));
  }

  /** When the line that has a character was complete, in milliseconds after the session's start. */
  long millisAt(int offset) {
    long at = millis;
    int comma = delays.indexOf(',');
    for (int i = text.indexOf('\n'); i >= 0 && i < offset && comma >= 0; ) {
      int next = delays.indexOf(',', comma + 1);
      String delay = delays.substring(comma + 1, next < 0 ? delays.length() : next);
      at += delay.isEmpty() ? 0 : Long.parseLong(delay);
      comma = next;
      i = text.indexOf('\n', i + 1);
    }
    return at;
  }

  /** Where screens end, the last with the text. */
  List<Integer> screenEnds() {
    List<Integer> ends = new ArrayList<>();
    int begin = 0;
    int lines = 0;
    for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
      if (++lines == MAX_SCREEN_LINES || i - begin >= MAX_SCREEN_CHARS) {
        ends.add(i);
        begin = i + 1;
        lines = 0;
      }
    }
    ends.add(text.length());
    return ends;
  }
}
