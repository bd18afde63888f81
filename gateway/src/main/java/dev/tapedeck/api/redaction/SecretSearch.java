package dev.tapedeck.api.redaction;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Finds secrets in bytes: as they are, in JSON, percent-encoded, in hex and in base64. Never
 * changes; safe for use by many threads.
 */
final class SecretSearch {

  /** Shorter ones would be found everywhere. */
  static final int MIN_BYTES = 8;

  /** Longer ones are looked for by their beginning. */
  static final int MAX_BYTES = 4096;

  static final SecretSearch NOTHING = new SecretSearch(List.of());

  private static final java.util.regex.Pattern PERCENT =
      java.util.regex.Pattern.compile("%[0-9A-F]{2}");
  private static final java.util.regex.Pattern HTML = java.util.regex.Pattern.compile("[+&<>'\"]");

  private final List<Pattern> patterns;
  private final int longest;

  /** Those patterns that begin with a byte. */
  private final Pattern[][] byFirst = new Pattern[256][];

  /** Never compared as a whole. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Pattern(byte[] bytes, byte[] mark) {

    boolean at(byte[] text, int from, int to) {
      return to - from >= bytes.length
          && Arrays.equals(text, from, from + bytes.length, bytes, 0, bytes.length);
    }

    boolean beginsAt(byte[] text, int from, int to) {
      int length = to - from;
      return length < bytes.length && Arrays.equals(text, from, to, bytes, 0, length);
    }
  }

  SecretSearch(Collection<String> secrets) {
    List<Pattern> all = new ArrayList<>();
    for (String secret : secrets) {
      if (secret.getBytes(StandardCharsets.UTF_8).length >= MIN_BYTES) {
        byte[] mark = Secret.mark(secret).getBytes(StandardCharsets.UTF_8);
        writings(secret)
            .forEach(text -> all.add(new Pattern(text.getBytes(StandardCharsets.UTF_8), mark)));
      }
    }
    // The longest first: one secret may begin with another.
    all.sort((a, b) -> Integer.compare(b.bytes.length, a.bytes.length));
    this.patterns = List.copyOf(all);
    this.longest = all.stream().mapToInt(pattern -> pattern.bytes.length).max().orElse(0);
    for (int first = 0; first < byFirst.length; first++) {
      byte wanted = (byte) first;
      byFirst[first] = patterns.stream().filter(p -> p.bytes[0] == wanted).toArray(Pattern[]::new);
    }
  }

  private static Set<String> writings(String whole) {
    byte[] utf8 = whole.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = utf8.length > MAX_BYTES ? Arrays.copyOf(utf8, MAX_BYTES) : utf8;
    String secret = new String(bytes, StandardCharsets.UTF_8);
    Set<String> writings = new LinkedHashSet<>();
    writings.add(secret);
    writings.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
    writings.add(secret.replace("/", "\\/"));
    writings.add(escaped(secret, "\\u%04x"));
    writings.add(escaped(secret, "\\u%04X"));
    String percent = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    writings.add(percent);
    writings.add(percent.replace("+", "%20"));
    writings.add(
        PERCENT.matcher(percent).replaceAll(code -> code.group().toLowerCase(Locale.ROOT)));
    writings.add(HexFormat.of().formatHex(bytes));
    writings.add(HexFormat.of().formatHex(bytes).toUpperCase(Locale.ROOT));
    for (int before = 0; before < 3; before++) {
      String base64 = inBase64(bytes, before);
      writings.add(base64);
      writings.add(base64.replace('+', '-').replace('/', '_'));
    }
    return writings;
  }

  /** As JSON writers do it that take care of HTML. */
  private static String escaped(String secret, String form) {
    return HTML.matcher(secret)
        .replaceAll(each ->
            Matcher.quoteReplacement(
                String.format(Locale.ROOT, form, (int) each.group().charAt(0))));
  }

  /**
   * Those characters of the base64 of something that depend on nothing but the secret in it.
   *
   * @param before how many bytes come before it, modulo three
   */
  private static String inBase64(byte[] secret, int before) {
    byte[] shifted = new byte[before + secret.length];
    System.arraycopy(secret, 0, shifted, before, secret.length);
    String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
    int from = (before * 8 + 5) / 6;
    int to = shifted.length * 8 / 6;
    return text.substring(from, to);
  }

  /**
   * A secret in a text.
   *
   * @param to behind its last byte
   * @param mark what stands in its place
   */
  record Match(int from, int to, String mark) {}

  boolean isEmpty() {
    return patterns.isEmpty();
  }

  /**
   * The text without secrets.
   *
   * @return {@code text} itself if there are none
   */
  String clean(String text) {
    if (isEmpty()) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    return clean(bytes, 0, bytes.length, out) ? out.toString(StandardCharsets.UTF_8) : text;
  }

  /**
   * Appends the bytes without secrets.
   *
   * @return whether there were any
   */
  boolean clean(byte[] text, int from, int to, ByteArrayOutputStream out) {
    int start = from;
    boolean found = false;
    for (int i = from; i < to; i++) {
      Pattern pattern = at(text, i, to);
      if (pattern != null) {
        out.write(text, start, i - start);
        out.writeBytes(pattern.mark);
        i += pattern.bytes.length - 1;
        start = i + 1;
        found = true;
      }
    }
    out.write(text, start, to - start);
    return found;
  }

  /** The first secret in the text, or null. */
  @Nullable Match first(byte[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      Pattern pattern = at(text, i, to);
      if (pattern != null) {
        return new Match(
            i, i + pattern.bytes.length, new String(pattern.mark, StandardCharsets.UTF_8));
      }
    }
    return null;
  }

  /** The end of the text where a secret has begun, {@link #MIN_BYTES} of it or more; or null. */
  @Nullable Match begun(byte[] text, int from, int to) {
    for (int i = unsure(text, from, to); i <= to - MIN_BYTES; i++) {
      for (Pattern pattern : byFirst[text[i] & 0xff]) {
        if (pattern.beginsAt(text, i, to)) {
          return new Match(i, to, new String(pattern.mark, StandardCharsets.UTF_8));
        }
      }
    }
    return null;
  }

  private @Nullable Pattern at(byte[] text, int i, int to) {
    for (Pattern pattern : byFirst[text[i] & 0xff]) {
      if (pattern.at(text, i, to)) {
        return pattern;
      }
    }
    return null;
  }

  /**
   * Where what may be the beginning of a secret begins; {@code to} if the end is none. What is
   * within a whole secret is the beginning of no other.
   */
  int unsure(byte[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      Pattern[] candidates = byFirst[text[i] & 0xff];
      if (candidates.length > 0) {
        if (to - i < longest) {
          for (Pattern pattern : candidates) {
            if (pattern.beginsAt(text, i, to)) {
              return i;
            }
          }
        }
        Pattern whole = at(text, i, to);
        i += whole == null ? 0 : whole.bytes.length - 1;
      }
    }
    return to;
  }
}
