package dev.tapedeck.api.replay;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What two requests differ in, in a sentence. */
final class Difference {

  /** So much of a value is shown. */
  private static final int SHOWN = 60;

  private Difference() {}

  /**
   * Of what comes and what was recorded.
   *
   * @param origin where the recorded one went
   */
  static String of(RequestKey asks, RequestKey recorded, String origin) {
    if (!recorded.method().equals(asks.method())) {
      return "the method is " + asks.method() + ", recorded is " + recorded.method();
    }
    if (!recorded.target().equals(asks.target())) {
      return "the address is " + cut(asks.shown()) + ", recorded is " + cut(recorded.shown());
    }
    byte[] body = asks.body();
    byte[] known = recorded.body();
    if (Arrays.equals(body, known)) {
      return "the request is for another API, recorded is one to " + origin;
    }
    Optional<Json> one = Json.tryParse(body, 0, body.length);
    Optional<Json> other = Json.tryParse(known, 0, known.length);
    if (one.isPresent() && other.isPresent()) {
      return of("", one.get(), other.get())
          .orElse("the bodies are the same JSON, written differently");
    }
    return "the bodies differ from byte " + Math.max(0, Arrays.mismatch(body, known)) + " on";
  }

  private static Optional<String> of(String path, Json asked, Json known) {
    if (asked.equals(known)) {
      return Optional.empty();
    }
    if (asked instanceof Obj a && known instanceof Obj b) {
      Set<String> names = new LinkedHashSet<>(b.members().keySet());
      names.addAll(a.members().keySet());
      for (String name : names) {
        Optional<String> inner =
            member(path.isEmpty() ? name : path + "." + name, a.get(name), b.get(name));
        if (inner.isPresent()) {
          return inner;
        }
      }
    }
    if (asked instanceof Arr(List<Json> a) && known instanceof Arr(List<Json> b)) {
      for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
        Optional<String> inner =
            member(
                path + "[" + i + "]",
                i < a.size() ? a.get(i) : null,
                i < b.size() ? b.get(i) : null);
        if (inner.isPresent()) {
          return inner;
        }
      }
    }
    return Optional.of(
        (path.isEmpty() ? "the body" : path)
            + " is "
            + cut(asked.text())
            + ", recorded is "
            + cut(known.text()));
  }

  private static Optional<String> member(String path, @Nullable Json asked, @Nullable Json known) {
    if (asked == null) {
      return Optional.of(path + " is not there, recorded is " + cut(String.valueOf(text(known))));
    }
    if (known == null) {
      return Optional.of(path + " is " + cut(asked.text()) + ", and was not there");
    }
    return of(path, asked, known);
  }

  private static String text(@Nullable Json value) {
    return value == null ? "nothing" : value.text();
  }

  private static String cut(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
