package dev.tapedeck.formats.cast;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes an event of a line's JSON, or says what is wrong with it. */
final class EventLine {

  /** The latest time that fits into nanoseconds, less some: 285 years. */
  static final long MAX_SECONDS = 9_000_000_000L;

  static final String EXPECTED = "an event is [time, code, data]";

  private static final long SECOND = 1_000_000_000;
  private static final int NANO_DIGITS = 9;
  private static final Pattern PLAIN = Pattern.compile("([0-9]{1,10})(?:\\.([0-9]+))?");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,5})x([0-9]{1,5})");
  private static final Pattern STATUS = Pattern.compile("-?[0-9]{1,10}");

  private EventLine() {}

  /**
   * The event of line {@code line}.
   *
   * @param version the recording's, 2 or 3; in 3 the time counts from the event before
   * @param before the time of the event before, in nanoseconds
   */
  static CastEvent parse(@Nullable Object json, long line, int version, long before)
      throws CastFormatException {
    if (!(json instanceof List<?> list) || list.size() != 3) {
      throw new CastFormatException(line, "is no event; " + EXPECTED);
    }
    long time = nanos(list.get(0), line, version == 3 ? "interval" : "time");
    if (!(list.get(1) instanceof String codeText) || codeText.isEmpty()) {
      throw new CastFormatException(
          line, "has a code that is no string; it is one of o i r m x, or another kind's name");
    }
    if (!(list.get(2) instanceof String data)) {
      throw new CastFormatException(line, "has data that is no string; " + EXPECTED);
    }
    CastCode code = CastCode.of(codeText);
    check(code, data, line, version);
    return new CastEvent(absolute(time, line, version, before), code, data);
  }

  /** A recording's time never goes back, although version 2 could say so. */
  private static long absolute(long time, long line, int version, long before)
      throws CastFormatException {
    if (version == 2) {
      return Math.max(before, time);
    }
    if (time > MAX_SECONDS * SECOND - before) {
      throw tooLate(line);
    }
    return before + time;
  }

  private static long nanos(@Nullable Object value, long line, String name)
      throws CastFormatException {
    if (!(value instanceof JsonLine.Num number)) {
      throw new CastFormatException(
          line, "has a " + name + " that is no number; it is seconds, from 0");
    }
    Matcher plain = PLAIN.matcher(number.text());
    if (plain.matches()) {
      long seconds = Long.parseLong(plain.group(1));
      if (seconds > MAX_SECONDS - 1) {
        throw tooLate(line);
      }
      return seconds * SECOND + fraction(plain.group(2));
    }
    double seconds = Double.parseDouble(number.text());
    if (seconds < 0) {
      throw new CastFormatException(
          line, "has a negative " + name + " (" + seconds + "); it is seconds, from 0");
    }
    if (!(seconds < MAX_SECONDS)) {
      throw tooLate(line);
    }
    return Math.round(seconds * SECOND);
  }

  private static long fraction(@Nullable String digits) {
    if (digits == null) {
      return 0;
    }
    long value = 0;
    for (int i = 0; i < NANO_DIGITS; i++) {
      value = 10 * value + (i < digits.length() ? digits.charAt(i) - '0' : 0);
    }
    return value;
  }

  private static CastFormatException tooLate(long line) {
    return new CastFormatException(
        line, "lies too late; a recording may last " + MAX_SECONDS + " seconds");
  }

  private static void check(CastCode code, String data, long line, int version)
      throws CastFormatException {
    switch (code) {
      case CastCode.Known.RESIZE -> {
        if (!isSize(data)) {
          throw new CastFormatException(
              line,
              "has a bad resize; its data is COLSxROWS, each from 0 to " + CastHeader.MAX_SIZE);
        }
      }
      case CastCode.Known.EXIT -> {
        // Version 2 does not define the code, so nothing can be wrong with it there.
        if (version == 3 && !STATUS.matcher(data).matches()) {
          throw new CastFormatException(
              line, "has a bad exit status; its data is a whole number, like \"0\"");
        }
      }
      case CastCode.Known.OUTPUT, CastCode.Known.INPUT, CastCode.Known.MARKER -> {}
      case CastCode.Unknown _ -> {}
    }
  }

  private static boolean isSize(String data) {
    Matcher size = SIZE.matcher(data);
    return size.matches()
        && Integer.parseInt(size.group(1)) <= CastHeader.MAX_SIZE
        && Integer.parseInt(size.group(2)) <= CastHeader.MAX_SIZE;
  }
}
