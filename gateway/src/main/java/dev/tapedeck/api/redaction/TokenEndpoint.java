package dev.tapedeck.api.redaction;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bodies that are made of credentials: OAuth's token, revocation, introspection and device requests
 * (RFC 6749, 7009, 7662, 8628), and those that hand out API keys.
 */
final class TokenEndpoint {

  private static final Pattern PATH =
      Pattern.compile(
          "(?i)[^?#]*/(oauth2?/.*|token|revoke|introspect|device/code|device_authorization"
              + "|[a-z_-]*api[_-]?keys?|client_secrets|realtime/(transcription_)?sessions)"
              + "(/)?([?#].*)?");

  /** Beyond what {@link AddressRedaction#isSecret} knows. */
  private static final Pattern MEMBER =
      Pattern.compile(
          "(?i).*(token|secret|password|raw_key|api_key|partial_key_hint|session_key|_code)|value");

  private static final Pattern PAIR = Pattern.compile("([^&=\\s]+)=([^&\\s]*)");

  private TokenEndpoint() {}

  /** Whether requests to this address and their answers are made of credentials. */
  static boolean is(String url) {
    return PATH.matcher(url).matches();
  }

  /**
   * The body without credentials; one that cannot be read is a mark and nothing else.
   *
   * @param found told what was taken out
   */
  static byte[] clean(byte[] body, SecretNames names, Consumer<String> found) {
    if (body.length == 0) {
      return body;
    }
    Optional<Json> json = Json.tryParse(body, 0, body.length);
    if (json.isPresent()) {
      return clean(json.get(), /* secret= */ false, names, found).bytes();
    }
    String text = new String(body, StandardCharsets.UTF_8);
    if (!text.strip().matches("[^&=\\s]+=[^\\s]*")) {
      return RedactionMark.mark(body).getBytes(StandardCharsets.UTF_8);
    }
    return PAIR.matcher(text)
        .replaceAll(
            match -> Matcher.quoteReplacement(pair(match.group(1), match.group(2), names, found)))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String pair(String name, String value, SecretNames names, Consumer<String> found) {
    if (value.isEmpty() || !isSecret(AddressRedaction.decoded(name), names)) {
      return name + "=" + value;
    }
    found.accept(value);
    found.accept(AddressRedaction.decoded(value));
    return name + "=" + RedactionMark.mark(value);
  }

  /**
   * @param secret whether all that is in it is made of credentials
   */
  private static Json clean(Json value, boolean secret, SecretNames names, Consumer<String> found) {
    return switch (value) {
      case Obj(Map<String, Json> members) -> {
        Obj clean = new Obj();
        // What an error calls a code is none.
        boolean error = members.containsKey("message");
        members.forEach((member, each) -> {
          boolean plain = member.equals("token_type") || (error && member.equals("code"));
          boolean inside = !plain && (secret || isSecret(member, names));
          clean.put(member, clean(each, inside, names, found));
        });
        yield clean;
      }
      case Arr(List<Json> values) -> {
        Arr clean = new Arr();
        values.forEach(each -> clean.add(clean(each, secret, names, found)));
        yield clean;
      }
      case Str(String text) -> {
        if (text.isEmpty() || !secret) {
          yield value;
        }
        found.accept(text);
        yield new Str(RedactionMark.mark(text));
      }
      case Num _, Bool _, Null _ -> value;
    };
  }

  private static boolean isSecret(String name, SecretNames names) {
    return AddressRedaction.isSecret(name, names) || MEMBER.matcher(name).matches();
  }
}
