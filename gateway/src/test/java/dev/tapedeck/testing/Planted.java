package dev.tapedeck.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Looks for a secret in bytes: as it is, in hex, and in base64 wherever it may begin in that. */
public final class Planted {

  private Planted() {}

  /** In which writings the secret is there; empty if it is not. */
  public static List<String> in(byte[] bytes, String secret) {
    String text = new String(bytes, ISO_8859_1);
    byte[] key = secret.getBytes(UTF_8);
    List<String> found = new ArrayList<>();
    look(text, new String(key, ISO_8859_1), "plain", found);
    String hex = HexFormat.of().formatHex(key);
    look(text.toLowerCase(Locale.ROOT), hex, "hex", found);
    for (int before = 0; before < 3; before++) {
      byte[] moved = new byte[before + key.length];
      System.arraycopy(key, 0, moved, before, key.length);
      String base64 = Base64.getEncoder().encodeToString(moved);
      // The first and last characters also depend on what is around it.
      String core = base64.substring(before == 0 ? 0 : 4, base64.length() - 4);
      look(text, core, "base64+" + before, found);
      look(text, core.replace('+', '-').replace('/', '_'), "base64url+" + before, found);
    }
    return found;
  }

  private static void look(String text, String wanted, String how, List<String> found) {
    int at = text.indexOf(wanted);
    if (at >= 0) {
      found.add(how + " at " + at);
    }
  }
}
