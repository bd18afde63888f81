package dev.tapedeck.api.replay;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Obj;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a request asks, however it is put: with a stream or without, its JSON in any order, a form's
 * fields in any boundary, with any key, and with any prefix before the API's own path, since base
 * addresses differ between an upstream, a gateway and a replay.
 *
 * @param shown path and query as they may be shown
 * @param target path and query without a prefix
 * @param body in one notation
 */
@SuppressWarnings("ArrayRecordComponent")
record RequestKey(String method, String shown, String target, byte[] body) {

  /**
   * What comes before a version; where there is none, before what else begins a path of an API. Of
   * Azure's the deployment is a part of what is asked.
   */
  private static final Pattern PREFIX =
      Pattern.compile(
          "^/[^?]*(?=/v1(?:alpha|beta)?/)"
              + "|^(?![^?]*/v1(?:alpha|beta)?/)(?:/[^?]*?)??(?=/(?:openai/deployments/"
              + "|(?:api/(?:chat|generate|embed|embeddings|tags|show|ps|version)"
              + "|chat/completions|completions|responses|embeddings|moderations|models|files"
              + "|images/generations|images/edits|images/variations)(?:[/?]|$)))");

  private static final HexFormat HEX = HexFormat.of();
  private static final Pattern SLASH = Pattern.compile("/");

  static String target(String target) {
    return PREFIX.matcher(target).replaceFirst("");
  }

  /** The words before the API's own path: an upstream's name may be among them. */
  static Stream<String> prefix(String target) {
    Matcher prefix = PREFIX.matcher(target);
    return prefix.find() ? SLASH.splitAsStream(prefix.group()) : Stream.empty();
  }

  /**
   * The body in one notation; as it is if it is neither JSON nor a form.
   *
   * @param files whether the contents of a form's files count
   */
  static byte[] body(String contentType, byte[] body, boolean files) {
    Optional<Json> json = Json.tryParse(body, 0, body.length);
    return json.isPresent()
        ? sorted(plain(json.get())).bytes()
        : Form.of(contentType, body, files).orElse(body);
  }

  /** What two requests have in common that ask for the same. */
  String key() {
    try {
      String digest = HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(body));
      return method + " " + target + " " + digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
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
