package dev.tapedeck.api.redaction;

import dev.tapedeck.event.HttpHeader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Takes credentials out of header fields. */
final class HeaderRedaction {

  /** Names' last words: {@code x-api-key}, {@code x-amz-security-token}, {@code authorization}. */
  private static final List<String> SECRET =
      List.of(
          "api-key",
          "api_key",
          "apikey",
          "token",
          "secret",
          "password",
          "auth",
          "authorization",
          "signature",
          "credential");

  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9-]*) +(\\S.*)");
  private static final Pattern COOKIES = Pattern.compile("; *");

  private HeaderRedaction() {}

  /**
   * The field without credentials.
   *
   * @param found told what was taken out, also the parts that may come up by themselves
   */
  static HttpHeader clean(HttpHeader header, Consumer<String> found) {
    String name = header.name().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "cookie" -> new HttpHeader(header.name(), cookies(header.value(), found));
      case "set-cookie" -> new HttpHeader(header.name(), setCookie(header.value(), found));
      default -> {
        if (isSecret(name)) {
          parts(header.value(), found);
          yield new HttpHeader(header.name(), Secret.mark(header.value()));
        }
        yield AddressRedaction.HEADERS.contains(name)
            ? new HttpHeader(header.name(), AddressRedaction.clean(header.value(), found))
            : header;
      }
    };
  }

  private static boolean isSecret(String name) {
    for (String word : SECRET) {
      int begin = name.length() - word.length();
      if (name.endsWith(word)
          && (begin == 0 || name.charAt(begin - 1) == '-' || name.charAt(begin - 1) == '_')) {
        return true;
      }
    }
    return false;
  }

  private static void parts(String value, Consumer<String> found) {
    found.accept(value);
    Matcher scheme = SCHEME.matcher(value);
    if (scheme.matches()) {
      String credentials = scheme.group(2);
      found.accept(credentials);
      if (scheme.group(1).equalsIgnoreCase("basic")) {
        basic(credentials, found);
      }
    }
  }

  private static void basic(String credentials, Consumer<String> found) {
    try {
      String pair =
          new String(Base64.getDecoder().decode(credentials.strip()), StandardCharsets.UTF_8);
      found.accept(pair);
      found.accept(pair.substring(pair.indexOf(':') + 1));
    } catch (IllegalArgumentException notBase64) {
      found.accept(credentials);
    }
  }

  /** Names stay: they tell what kind of cookie it is. */
  private static String cookies(String value, Consumer<String> found) {
    return COOKIES
        .splitAsStream(value)
        .map(cookie -> cookie(cookie, found))
        .collect(Collectors.joining("; "));
  }

  private static String cookie(String cookie, Consumer<String> found) {
    int value = cookie.indexOf('=') + 1;
    String secret = cookie.substring(value).strip();
    if (secret.isEmpty()) {
      return cookie;
    }
    found.accept(secret);
    if (secret.length() > 2 && secret.startsWith("\"") && secret.endsWith("\"")) {
      found.accept(secret.substring(1, secret.length() - 1));
    }
    return cookie.substring(0, value) + Secret.mark(secret);
  }

  /** Only the first pair is the cookie; the rest are its attributes. */
  private static String setCookie(String value, Consumer<String> found) {
    int end = value.indexOf(';');
    String cookie = end < 0 ? value : value.substring(0, end);
    return cookies(cookie, found) + (end < 0 ? "" : value.substring(end));
  }
}
