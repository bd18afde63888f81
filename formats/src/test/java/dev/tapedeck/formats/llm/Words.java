package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Text as models write it, the same for the same seed, and as the APIs' JSON has it. */
final class Words {

  private static final String[] WORDS = {
    "the",
    "quick",
    "build",
    "fails",
    "because",
    "\n\n",
    "`mvn verify`",
    "\"quoted\"",
    "C:\\path",
    "\u00fcber",
    "\u043f\u0440\u0438\u0432\u0435\u0442",
    "\u654f\u6377",
    "\ud83d\ude80",
    "{\"a\": [1, 2.50]}",
    "\t",
    "<b>",
    "/usr/bin",
    "42",
    "- item\n",
    "```java\nint x = 1;\n```",
    "\u0007",
    "\u2028",
    "caf\u00e9."
  };

  private final Random random;

  Words(Random random) {
    this.random = random;
  }

  /** Some words. */
  String text(int most) {
    StringBuilder text = new StringBuilder();
    for (int i = 1 + random.nextInt(most); i > 0; i--) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    return text.toString();
  }

  /** The text in pieces of a few characters, cut anywhere but within a character. */
  List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int to = Math.min(text.length(), at + 1 + random.nextInt(12));
      if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) {
        to++;
      }
      pieces.add(text.substring(at, to));
      at = to;
    }
    return pieces;
  }

  String id(String prefix) {
    return prefix + Long.toString(random.nextLong() >>> 1, 36);
  }

  /** A tool's input, with a number that no double holds. */
  String input() {
    return new Json.Obj()
        .put("command", text(6))
        .put("timeout", new Json.Num("1.0000000000000000001"))
        .put("flags", new Json.Arr().add(new Json.Bool(random.nextBoolean())).add(Json.Null.NULL))
        .text();
  }

  /** JSON with what is not ASCII escaped, now and then: both are seen in the wild. */
  String maybeEscaped(String json) {
    if (random.nextInt(4) > 0) {
      return json;
    }
    StringBuilder ascii = new StringBuilder();
    for (int i = 0; i < json.length(); i++) {
      char each = json.charAt(i);
      ascii.append(each < 128 ? String.valueOf(each) : String.format("\\u%04x", (int) each));
    }
    return ascii.toString();
  }

  boolean chance(int one, int of) {
    return random.nextInt(of) < one;
  }

  int number(int below) {
    return random.nextInt(below);
  }
}
