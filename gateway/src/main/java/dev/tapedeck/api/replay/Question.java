package dev.tapedeck.api.replay;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Obj;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a request asks, however it is put: with a stream or without, its JSON in any order, and with
 * any prefix before the API's own path, since base addresses differ between an upstream, a gateway
 * and a replay.
 */
final class Question {

  private static final Pattern PREFIX = Pattern.compile("^/[^?]*(?=/v1(?:alpha|beta)?/)");

  private Question() {}

  static String target(String target) {
    return PREFIX.matcher(target).replaceFirst("");
  }

  /** The body in one notation; as it is if it is no JSON. */
  static byte[] body(byte[] body) {
    Optional<Json> json = Json.tryParse(body, 0, body.length);
    return json.isPresent() ? sorted(plain(json.get())).bytes() : body;
  }

  /** Without what only says how the answer shall come. */
  static Json plain(Json body) {
    if (!(body instanceof Obj object)) {
      return body;
    }
    Obj plain = new Obj();
    object.members().forEach(plain::put);
    plain.members().remove("stream");
    plain.members().remove("stream_options");
    return plain;
  }

  /** Whether the answer shall come as a stream. */
  static boolean wantsStream(Obj body) {
    return new Bool(true).equals(body.get("stream"));
  }

  /** Whether an OpenAI chat stream shall tell its usage. */
  static boolean wantsUsage(Obj body) {
    Obj options = body.object("stream_options");
    return options != null && new Bool(true).equals(options.get("include_usage"));
  }

  private static Json sorted(Json value) {
    return switch (value) {
      case Obj(Map<String, Json> members) -> {
        Obj object = new Obj();
        new TreeMap<>(members).forEach((name, each) -> object.put(name, sorted(each)));
        yield object;
      }
      case Arr(List<Json> values) -> {
        Arr array = new Arr();
        values.forEach(each -> array.add(sorted(each)));
        yield array;
      }
      case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> value;
    };
  }
}
