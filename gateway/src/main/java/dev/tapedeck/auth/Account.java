package dev.tapedeck.auth;

import java.security.PublicKey;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A user who may log in.
 *
 * @param name as Linux allows user names, since it becomes one in the sandbox
 * @param passwordHash as {@link Password#hash} makes it, or null if there is no password
 * @param keys any of which lets the user in
 */
public record Account(String name, @Nullable String passwordHash, List<PublicKey> keys) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}");

  public Account {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "a user name is a letter or _ and up to 31 letters, digits, _, . or -");
    }
    keys = List.copyOf(keys);
  }

  /** Whether a user can have this name. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Without the hash. */
  @Override
  public String toString() {
    return "Account[" + name + "]";
  }
}
