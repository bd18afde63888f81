package dev.tapedeck.api;

import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands on the request line between method and version (RFC 9112, section 3.2). Only a path
 * of this gateway's goes on: whatever else can be written there would make another host's address
 * when it is put behind an upstream's.
 */
sealed interface RequestTarget {

  /** Path and query, beginning with a slash. */
  record Local(String path) implements RequestTarget {}

  /** Nothing of it goes on, nor into a recording. */
  record Bad(Refusal refusal) implements RequestTarget {}

  Pattern ABSOLUTE = Pattern.compile("(?i)https?://([^/?#]*)(.*)", Pattern.DOTALL);

  /**
   * How dots, slashes and backslashes may be written so that a server still takes them for such.
   */
  Pattern DOT = Pattern.compile("(?i)%2e");

  Pattern SLASH = Pattern.compile("(?i)%2f|%5c|\\\\");

  Pattern STEP = Pattern.compile(".*/\\.{1,2}(;[^/]*)?(/.*|)", Pattern.DOTALL);

  /**
   * What no address holds: blanks, controls, the beginning of a fragment, and what is not ASCII,
   * which would go on as other bytes than came (RFC 3986, section 2).
   */
  Pattern NOT_IN_ADDRESSES = Pattern.compile("[^!-~]|#");

  /**
   * Reads a target.
   *
   * @param own whether a {@code HOST:PORT} is where this gateway was reached
   */
  static RequestTarget of(String method, String target, Predicate<String> own) {
    if (method.equals("CONNECT")) {
      return new Bad(Refusal.noProxy("CONNECT"));
    }
    String path = target;
    Matcher absolute = ABSOLUTE.matcher(target);
    if (absolute.matches()) {
      if (!own.test(withPort(absolute.group(1)))) {
        return new Bad(Refusal.noProxy("an address of another host"));
      }
      path = absolute.group(2).startsWith("/") ? absolute.group(2) : "/" + absolute.group(2);
    }
    if (!path.startsWith("/") || NOT_IN_ADDRESSES.matcher(path).find()) {
      return new Bad(Refusal.noPath());
    }
    return climbs(path) ? new Bad(Refusal.noSteps()) : new Local(path);
  }

  private static String withPort(String authority) {
    String lower = authority.toLowerCase(Locale.ROOT);
    return lower.matches(".*:\\d+") ? lower : lower + ":80";
  }

  /** Whether it has steps such as {@code ..}, which lead out of an upstream's own path. */
  private static boolean climbs(String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    String dots = DOT.matcher(path).replaceAll(".");
    return STEP.matcher(SLASH.matcher(dots).replaceAll("/")).matches();
  }
}
