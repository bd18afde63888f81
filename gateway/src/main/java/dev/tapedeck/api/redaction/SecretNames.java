package dev.tapedeck.api.redaction;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which names tell that a credential stands behind them: of header fields, of parameters, of JSON
 * members. By kinds, for there is no list of all: the last word says what a thing is, the word
 * before it what for. Safe for use by many threads.
 */
public final class SecretNames {

  /** The kinds, with nothing added. */
  public static final SecretNames USUAL = new SecretNames(List.of());

  /** Last words, alone or at the end of words that are written together. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(.*)(token|secret|secrets|assertion|credential|credentials|password|passwords|passwd"
              + "|passphrase|signature|authorization|apikey|apikeys|jwt)");

  /** Last words that many others end with, such as monkey. */
  private static final Set<String> ALONE = Set.of("key", "auth", "vk", "pwd");

  /** What is written together with key. */
  private static final Pattern KEY =
      Pattern.compile(
          "(access|account|admin|app|auth|client|function|functions|license|master|private|secret"
              + "|service|shared|signing|storage|subscription|user|virtual)keys?");

  /** Words before it by which a key or token is none: they name, count or go through something. */
  private static final Set<String> HARMLESS =
      Set.of(
          "cache",
          "continuation",
          "cursor",
          "dedup",
          "dedupe",
          "deduplication",
          "foreign",
          "idempotence",
          "idempotency",
          "next",
          "nextpage",
          "page",
          "pagination",
          "partition",
          "primary",
          "public",
          "routing",
          "socket",
          "sort",
          "surrogate",
          "sync",
          "websocket",
          // Those of tokenizers.
          "bos",
          "cls",
          "eos",
          "mask",
          "max",
          "pad",
          "sep",
          "stop",
          "unk");

  private static final Pattern WORDS = Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])");
  private static final Pattern NUMBER = Pattern.compile("\\d+$");

  private final Set<String> more = new HashSet<>();

  /**
   * @param more names that are also secret, whatever their words
   */
  public SecretNames(Collection<String> more) {
    more.forEach(name -> this.more.add(plain(name)));
  }

  private static String plain(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether the owner has added it. */
  boolean isAdded(String name) {
    return !more.isEmpty() && more.contains(plain(name));
  }

  /** Whether what is so called is a credential. */
  boolean is(String name) {
    if (isAdded(name)) {
      return true;
    }
    List<String> words = words(name);
    if (words.isEmpty()) {
      return false;
    }
    String last = words.getLast();
    String before = words.size() > 1 ? words.get(words.size() - 2) : "";
    if (ALONE.contains(last)) {
      return !HARMLESS.contains(before);
    }
    if (last.equals("keys")) {
      return before.equals("api") || KEY.matcher(before + "keys").matches();
    }
    if (KEY.matcher(last).matches()) {
      return true;
    }
    Matcher secret = SECRET.matcher(last);
    return secret.matches()
        && !HARMLESS.contains(secret.group(1).isEmpty() ? before : secret.group(1));
  }

  /** Its words in small letters, without numbers at the end. */
  private static List<String> words(String name) {
    List<String> words = new ArrayList<>();
    WORDS.splitAsStream(name).map(word -> word.toLowerCase(Locale.ROOT)).forEach(words::add);
    while (!words.isEmpty()) {
      String last = NUMBER.matcher(words.removeLast()).replaceFirst("");
      if (!last.isEmpty()) {
        words.add(last);
        break;
      }
    }
    return words;
  }
}
