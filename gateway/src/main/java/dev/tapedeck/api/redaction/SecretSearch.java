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
import java.util.Objects;
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

  private static final Pattern[] NONE = {};

  static final SecretSearch NOTHING = new SecretSearch(List.of());

  private static final java.util.regex.Pattern PERCENT =
      java.util.regex.Pattern.compile("%[0-9A-F]{2}");
  private static final java.util.regex.Pattern HTML = java.util.regex.Pattern.compile("[+&<>'\"]");

  private final List<Pattern> patterns;
  private final int longest;

  /** Those patterns that begin with a byte. */
  private final Pattern[][] byFirst = new Pattern[256][];

  private final int shortest;

  /**
   * For each pair of bytes, by {@link #pair}: how much further on a secret may begin at the
   * earliest, if the pair is where the shortest one would end (Wu and Manber, 1994).
   */
  private final byte[] skips = new byte[PAIRS];

  private static final int PAIRS = 4096;

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
        byte[] mark = RedactionMark.mark(secret).getBytes(StandardCharsets.UTF_8);
        writings(secret)
            .forEach(text -> all.add(new Pattern(text.getBytes(StandardCharsets.UTF_8), mark)));
      }
    }
    // The longest first: one secret may begin with another.
    all.sort((a, b) -> Integer.compare(b.bytes.length, a.bytes.length));
    this.patterns = List.copyOf(all);
    this.longest = all.stream().mapToInt(pattern -> pattern.bytes.length).max().orElse(0);
    this.shortest = all.stream().mapToInt(pattern -> pattern.bytes.length).min().orElse(0);
    Arrays.fill(byFirst, NONE);
    Arrays.fill(skips, (byte) Math.clamp(shortest - 1L, 0, Byte.MAX_VALUE));
    patterns.forEach(this::index);
  }

  private void index(Pattern pattern) {
    int first = pattern.bytes[0] & 0xff;
    Pattern[] before = byFirst[first];
    Pattern[] more = Arrays.copyOf(before, before.length + 1);
    more[more.length - 1] = pattern;
    byFirst[first] = more;
    for (int i = 0; i + 2 <= shortest; i++) {
      int pair = pair(pattern.bytes, i);
      skips[pair] = (byte) Math.min(skips[pair], shortest - 2 - i);
    }
  }

  /** A number for two bytes, below {@link #PAIRS}; two of them may share one. */
  private static int pair(byte[] text, int at) {
    return ((text[at] & 0xff) << 4 ^ (text[at + 1] & 0xff)) & (PAIRS - 1);
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
    int i;
    while ((i = find(text, start, to)) < to) {
      Pattern pattern = Objects.requireNonNull(at(text, i, to));
      out.write(text, start, i - start);
      out.writeBytes(pattern.mark);
      start = i + pattern.bytes.length;
      found = true;
    }
    out.write(text, start, to - start);
    return found;
  }

  /** The first secret in the text, or null. */
  @Nullable Match first(byte[] text, int from, int to) {
    int i = find(text, from, to);
    Pattern pattern = i < to ? at(text, i, to) : null;
    return pattern == null
        ? null
        : new Match(i, i + pattern.bytes.length, new String(pattern.mark, StandardCharsets.UTF_8));
  }

  /** The end of the text where a secret has begun, {@link #MIN_BYTES} of it or more; or null. */
  @Nullable Match begun(byte[] text, int from, int to) {
    for (int i = unsure(text, from, to); i <= to - MIN_BYTES; i++) {
      Pattern[] candidates = byFirst[text[i] & 0xff];
      for (Pattern pattern : candidates) {
        if (pattern.beginsAt(text, i, to)) {
          return new Match(i, to, new String(pattern.mark, StandardCharsets.UTF_8));
        }
      }
    }
    return null;
  }

  /** Whether there is a whole secret. */
  boolean in(byte[] text, int from, int to) {
    return find(text, from, to) < to;
  }

  /** Where the first whole secret begins; {@code to} if there is none. */
  private int find(byte[] text, int from, int to) {
    if (patterns.isEmpty()) {
      return to;
    }
    int i = from;
    while (i + shortest <= to) {
      int skip = skips[pair(text, i + shortest - 2)];
      if (skip == 0 && at(text, i, to) != null) {
        return i;
      }
      i += Math.max(skip, 1);
    }
    return to;
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
    int first = in(text, from, to) ? from : Math.max(from, to - longest + 1);
    for (int i = first; i < to; i++) {
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

  /**
   * Whether the text ends as a secret may begin.
   *
   * @param least how many bytes of it there have to be
   */
  boolean endsLikeABeginning(byte[] text, int from, int to, int least) {
    for (int i = Math.max(from, to - longest + 1); i <= to - least; i++) {
      for (Pattern pattern : byFirst[text[i] & 0xff]) {
        if (pattern.beginsAt(text, i, to)) {
          return true;
        }
      }
    }
    return false;
  }
}
