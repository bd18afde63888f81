package dev.tapedeck.api.redaction;

import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Takes credentials out of header fields. */
final class HeaderRedaction {

  /** They say how to prove oneself, and prove nothing. */
  private static final Set<String> CHALLENGES = Set.of("www-authenticate", "proxy-authenticate");

  private static final Pattern BEARER = Pattern.compile("(?i)(bearer|basic) +\\S{8,}");
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9-]*) +(\\S.*)");
  private static final Pattern COOKIES = Pattern.compile("; *");

  private HeaderRedaction() {}

  /**
   * The field without credentials.
   *
   * @param found told what was taken out, also the parts that may come up by themselves
   */
  static HttpHeader clean(HttpHeader header, SecretNames names, Consumer<String> found) {
    String name = header.name().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "cookie" -> new HttpHeader(header.name(), cookies(header.value(), found));
      case "set-cookie" -> new HttpHeader(header.name(), setCookie(header.value(), found));
      default -> {
        if (isSecret(header, names)) {
          parts(header.value(), found);
          yield new HttpHeader(header.name(), RedactionMark.mark(header.value()));
        }
        String value =
            AddressRedaction.HEADERS.contains(name)
                ? AddressRedaction.clean(header.value(), names, found)
                : json(header.value(), names, found);
        yield value.equals(header.value()) ? header : new HttpHeader(header.name(), value);
      }
    };
  }

  private static boolean isSecret(HttpHeader header, SecretNames names) {
    // Capitals divide words, and may also stand anywhere.
    String name = header.name().toLowerCase(Locale.ROOT);
    return names.is(name)
        || names.is(header.name())
        || (!CHALLENGES.contains(name) && BEARER.matcher(header.value()).matches());
  }

  /** Gateways are told of their upstreams in JSON. */
  private static String json(String value, SecretNames names, Consumer<String> found) {
    if (!value.startsWith("{") && !value.startsWith("[")) {
      return value;
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    Optional<Json> json = Json.tryParse(bytes, 0, bytes.length);
    if (json.isEmpty()) {
      return value;
    }
    Json clean = clean(json.get(), /* secret= */ false, names, found);
    return clean.equals(json.get()) ? value : clean.text();
  }

  /**
   * @param secret whether all strings in it are credentials
   */
  private static Json clean(Json value, boolean secret, SecretNames names, Consumer<String> found) {
    return switch (value) {
      case Obj(Map<String, Json> members) -> {
        Obj clean = new Obj();
        members.forEach(
            (name, each) -> clean.put(name, clean(each, secret || names.is(name), names, found)));
        yield clean;
      }
      case Arr(List<Json> values) -> {
        Arr clean = new Arr();
        values.forEach(each -> clean.add(clean(each, secret, names, found)));
        yield clean;
      }
      case Str(String text) -> {
        if (!secret || text.isEmpty()) {
          yield value;
        }
        parts(text, found);
        yield new Str(RedactionMark.mark(text));
      }
      case Num _, Bool _, Null _ -> value;
    };
  }

  /** Tells of a credential, and of those parts that may come up by themselves. */
  static void parts(String value, Consumer<String> found) {
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
    return cookie.substring(0, value) + RedactionMark.mark(secret);
  }

  /** Only the first pair is the cookie; the rest are its attributes. */
  private static String setCookie(String value, Consumer<String> found) {
    int end = value.indexOf(';');
    String cookie = end < 0 ? value : value.substring(0, end);
    return cookies(cookie, found) + (end < 0 ? "" : value.substring(end));
  }
}
