package dev.tapedeck.cli.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people write them: {@code 30m}, {@code 8h}, {@code 256MiB}. */
public final class Units {

  /** What a duration may look like, for errors and help. */
  public static final String DURATION_ALLOWED = "a duration such as 500ms, 30s, 30m, 8h or 2d";

  /** What a size may look like, for errors and help. */
  public static final String SIZE_ALLOWED = "a size such as 64KiB, 256MiB, 10GB or 65536 (bytes)";

  private static final Pattern NUMBER_AND_UNIT =
      Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,6})?) ?([A-Za-z]*)");

  private static final Map<String, Long> MILLISECONDS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private static final Map<String, Long> BYTES =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("b", 1L),
          Map.entry("kib", 1L << 10),
          Map.entry("mib", 1L << 20),
          Map.entry("gib", 1L << 30),
          Map.entry("tib", 1L << 40),
          Map.entry("kb", 1_000L),
          Map.entry("mb", 1_000_000L),
          Map.entry("gb", 1_000_000_000L),
          Map.entry("tb", 1_000_000_000_000L));

  private Units() {}

  /**
   * Reads a duration longer than nothing.
   *
   * @throws IllegalArgumentException with a sentence that says what is allowed
   */
  public static Duration duration(String text) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
    Long unit = matcher.matches() ? MILLISECONDS.get(matcher.group(2)) : null;
    long millis = unit == null ? 0 : Math.round(Double.parseDouble(matcher.group(1)) * unit);
    if (millis <= 0) {
      throw new IllegalArgumentException("must be " + DURATION_ALLOWED + " (got \"" + text + "\")");
    }
    return Duration.ofMillis(millis);
  }

  /**
   * Reads a size in bytes.
   *
   * @throws IllegalArgumentException with a sentence that says what is allowed
   */
  public static long size(String text) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
    Long unit = matcher.matches() ? BYTES.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit == null) {
      throw new IllegalArgumentException("must be " + SIZE_ALLOWED + " (got \"" + text + "\")");
    }
    return Math.round(Double.parseDouble(matcher.group(1)) * unit);
  }

  /** A size for a person: {@code 0 B}, {@code 1.5 KiB}, {@code 20 MiB}. */
  public static String show(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1023.95 && unit < 3) {
      value /= 1024;
      unit++;
    }
    String number =
        value < 10 ? String.format(Locale.ROOT, "%.1f", value) : Long.toString(Math.round(value));
    return number + " " + "KMGT".charAt(unit) + "iB";
  }

  /** A duration for a person: {@code 0.2s}, {@code 42s}, {@code 3m 05s}, {@code 2h 10m}. */
  public static String show(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1000.0);
    }
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%dm %02ds", seconds / 60, seconds % 60);
    }
    if (seconds < 86_400) {
      return String.format(Locale.ROOT, "%dh %02dm", seconds / 3600, seconds / 60 % 60);
    }
    return String.format(Locale.ROOT, "%dd %02dh", seconds / 86_400, seconds / 3600 % 24);
  }
}
