package dev.tapedeck.api.redaction;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes credentials out of addresses: parameters of queries, and users with passwords. */
final class AddressRedaction {

  private static final Pattern USER = Pattern.compile("(://)([^/?#@\\s]+)@");

  /**
   * Names of parameters that are credentials only here, beside those that {@link SecretNames}
   * knows; those that begin with {@code x-amz-} and the like among them.
   */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)(x-(amz|goog|ms)-)?"
              + "((api|access)[-_]?key[-_]?id|sig|awsaccesskeyid|code|code[-_]verifier)");

  private static final Pattern PARAMETER = Pattern.compile("([?&;#])([^=&;#\\s]+)=([^&;#\\s]*)");

  private AddressRedaction() {}

  /** Whether a parameter of that name holds a credential. */
  static boolean isSecret(String name, SecretNames names) {
    return names.is(name) || SECRET.matcher(name).matches();
  }

  /**
   * The address without credentials; anything that is no address stays as it is.
   *
   * @param found told what was taken out
   */
  static String clean(String address, SecretNames names, Consumer<String> found) {
    String clean =
        USER.matcher(address)
            .replaceAll(match -> {
              user(match.group(2), found);
              return Matcher.quoteReplacement(
                  match.group(1) + RedactionMark.mark(match.group(2)) + "@");
            });
    return PARAMETER
        .matcher(clean)
        .replaceAll(match -> {
          String value = match.group(3);
          if (value.isEmpty() || !isSecret(decoded(match.group(2)), names)) {
            return Matcher.quoteReplacement(match.group());
          }
          String plain = decoded(value);
          found.accept(plain);
          found.accept(value);
          return Matcher.quoteReplacement(
              match.group(1) + match.group(2) + "=" + RedactionMark.mark(plain));
        });
  }

  private static void user(String user, Consumer<String> found) {
    found.accept(user);
    int colon = user.indexOf(':');
    if (colon >= 0) {
      found.accept(user.substring(colon + 1));
      found.accept(decoded(user.substring(colon + 1)));
    }
  }

  static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }

  /** The names under which headers carry addresses. */
  static final Set<String> HEADERS = Set.of("location", "content-location", "referer", "link");
}
