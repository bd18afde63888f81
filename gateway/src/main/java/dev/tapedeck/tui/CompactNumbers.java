package dev.tapedeck.tui;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Numbers in a few characters. */
final class CompactNumbers {

  private CompactNumbers() {}

  /** {@code 940}, {@code 12.3k}, {@code 1.2M}. */
  static String count(long number) {
    if (number < 1_000) {
      return Long.toString(number);
    }
    return number < 999_950
        ? String.format(Locale.ROOT, "%.1fk", number / 1e3)
        : String.format(Locale.ROOT, "%.1fM", number / 1e6);
  }

  /** {@code 850 ms}, {@code 4.2 s}, {@code 3m 12s}. */
  static String took(long millis) {
    if (millis < 1_000) {
      return millis + " ms";
    }
    return millis < 60_000
        ? String.format(Locale.ROOT, "%.1f s", millis / 1e3)
        : millis / 60_000 + "m " + millis / 1_000 % 60 + "s";
  }

  /** How long ago: {@code 12s}, {@code 5m}, {@code 3h}, {@code 12d}. */
  static String age(Instant then, Instant now) {
    long seconds = Math.max(0, Duration.between(then, now).toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3_600) {
      return seconds / 60 + "m";
    }
    return seconds < 86_400 ? seconds / 3_600 + "h" : seconds / 86_400 + "d";
  }
}
