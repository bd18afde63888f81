package dev.tapedeck.catalog;

import java.util.Locale;
import java.util.Map;

/**
 * What a page of HTML says: the text between its tags, without scripts, styles and comments. For
 * error pages, which anything between a client and an API may send; any text will do.
 */
final class HtmlText {

  /** A reference is no longer; else it is an ampersand. */
  private static final int MAX_REFERENCE = 10;

  private static final int MAX_POINT = Character.MAX_CODE_POINT;

  /** Those that error pages have; a letter with an accent is named by its letter. */
  private static final Map<String, String> NAMED =
      Map.of(
          "amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "nbsp", " ", "bull", "•",
          "copy", "©", "middot", "·", "mdash", "—");

  private final String html;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private HtmlText(String html) {
    this.html = html;
  }

  /** Whether a body looks like a page. */
  static boolean isHtml(String body) {
    String begin = body.stripLeading();
    return begin.length() > 1
        && begin.charAt(0) == '<'
        && (begin.charAt(1) == '!' || Character.isLetter(begin.charAt(1)));
  }

  static String of(String html) {
    return new HtmlText(html).read();
  }

  private String read() {
    while (at < html.length()) {
      char c = html.charAt(at);
      if (c == '<' && isTag()) {
        tag();
      } else if (c == '&') {
        reference();
      } else {
        out.append(c);
        at++;
      }
    }
    return out.toString().replaceAll("[ \\t\\r]+", " ").replaceAll(" ?\\n[ \\n]*", "\n").strip();
  }

  private boolean isTag() {
    char next = at + 1 < html.length() ? html.charAt(at + 1) : ' ';
    return next == '!' || next == '/' || next == '?' || Character.isLetter(next);
  }

  private void tag() {
    if (html.startsWith("<!--", at)) {
      skipTo("-->");
      return;
    }
    String name = name();
    int end = at;
    char quote = 0;
    while (end < html.length() && (quote != 0 || html.charAt(end) != '>')) {
      char c = html.charAt(end++);
      if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
    }
    at = Math.min(end + 1, html.length());
    if (name.equals("script") || name.equals("style")) {
      skipTo("</" + name);
      skipTo(">");
    } else if (!isInline(name)) {
      out.append('\n');
    }
  }

  /** Words go on over the border of these. */
  private static boolean isInline(String name) {
    return switch (name) {
      case "a", "b", "i", "em", "strong", "span", "code", "small", "u", "wbr" -> true;
      default -> false;
    };
  }

  /** The tag's name in small letters, without the slash. */
  private String name() {
    int begin = html.startsWith("</", at) ? at + 2 : at + 1;
    int end = begin;
    while (end < html.length() && Character.isLetterOrDigit(html.charAt(end))) {
      end++;
    }
    return html.substring(Math.min(begin, end), end).toLowerCase(Locale.ROOT);
  }

  /** Behind the next one of these, or to the end. */
  private void skipTo(String end) {
    while (at < html.length() && !html.regionMatches(true, at, end, 0, end.length())) {
      at++;
    }
    at = Math.min(at + end.length(), html.length());
  }

  private void reference() {
    int end = html.indexOf(';', at, Math.min(at + MAX_REFERENCE + 1, html.length()));
    String name = end < 0 ? "" : html.substring(at + 1, end);
    String stands = name.startsWith("#") ? number(name.substring(1)) : named(name);
    if (stands.isEmpty()) {
      out.append('&');
      at++;
    } else {
      out.append(stands);
      at = end + 1;
    }
  }

  private static String named(String name) {
    boolean accent = name.matches("[A-Za-z](acute|grave|uml|circ|tilde|cedil|ring|caron)");
    return accent ? name.substring(0, 1) : NAMED.getOrDefault(name, "");
  }

  private static String number(String digits) {
    try {
      boolean hex = digits.startsWith("x") || digits.startsWith("X");
      int point = hex ? Integer.parseInt(digits, 1, digits.length(), 16) : Integer.parseInt(digits);
      return point > 0 && point <= MAX_POINT ? Character.toString(point) : "";
    } catch (NumberFormatException e) {
      return "";
    }
  }
}
