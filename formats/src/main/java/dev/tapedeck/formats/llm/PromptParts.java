package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.llm.Part.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is said where a prompt or an input is asked and no message answers: in completions,
 * embeddings, images and moderations. Of vectors and of images' bytes only what they are.
 */
final class PromptParts {

  private PromptParts() {}

  static void request(Obj request, Parts to) {
    for (String name : new String[] {"prompt", "suffix", "input"}) {
      asked(request.get(name), to);
    }
  }

  /** A text, several, or a text and images; lists of tokens say nothing. */
  private static void asked(@Nullable Json value, Parts to) {
    if (value instanceof Str(String text)) {
      to.say(Parts.USER, Kind.TEXT, text);
    } else if (value instanceof Arr(List<Json> values)) {
      for (Json each : values) {
        if (each instanceof Str(String text)) {
          to.say(Parts.USER, Kind.TEXT, text);
        } else if (each instanceof Obj part) {
          to.say(Parts.USER, Kind.TEXT, part.string("text"));
          Obj image = part.object("image_url");
          if (image != null) {
            to.add(Parts.USER, Kind.IMAGE, Parts.address(image.string("url")));
          }
        }
      }
    }
  }

  static void completion(Obj completion, Parts to) {
    for (Obj choice : Parts.objects(completion.get("choices"))) {
      to.say(Parts.ASSISTANT, Kind.TEXT, choice.string("text"));
    }
  }

  static void embeddings(Obj answer, Parts to) {
    int vectors = Parts.objects(answer.get("data")).size();
    Arr several = answer.array("embeddings");
    vectors += several == null ? 0 : several.values().size();
    vectors += answer.array("embedding") == null ? 0 : 1;
    if (vectors > 0) {
      String text = vectors == 1 ? "1 vector" : vectors + " vectors";
      to.add(Parts.ASSISTANT, Kind.OTHER, text, "embedding", null);
    }
  }

  static void images(Obj answer, Parts to) {
    for (Obj image : Parts.objects(answer.get("data"))) {
      to.say(Parts.ASSISTANT, Kind.TEXT, image.string("revised_prompt"));
      String bytes = image.string("b64_json");
      String text = bytes == null ? Parts.address(image.string("url")) : Parts.picture(bytes);
      to.add(Parts.ASSISTANT, Kind.IMAGE, text);
    }
  }

  static void moderation(Obj answer, Parts to) {
    for (Obj result : Parts.objects(answer.get("results"))) {
      List<String> categories = new ArrayList<>();
      Objects.requireNonNullElseGet(result.object("categories"), Obj::new)
          .members()
          .forEach((name, value) -> {
            if (new Bool(true).equals(value)) {
              categories.add(name);
            }
          });
      boolean flagged = new Bool(true).equals(result.get("flagged"));
      String text =
          (flagged ? "flagged" : "not flagged")
              + (categories.isEmpty() ? "" : ": " + String.join(", ", categories));
      to.add(Parts.ASSISTANT, Kind.OTHER, text, "moderation", null);
    }
  }
}
