package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Anomalies.quoted;

import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.sse.SseEvent;
import java.util.Set;

/**
 * OpenAI's images as they are drawn: what comes while one is in the making is not in the answer.
 * Nothing marks the end but the end of the body.
 *
 * <pre>
 *   (image_generation.partial_image* image_generation.completed)+
 * </pre>
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/images-streaming">Image events</a>
 */
final class ImagesAccumulator extends MessageAccumulator {

  private static final Set<String> OF_THE_IMAGE = Set.of("b64_json", "url", "revised_prompt");

  private final Draft answer = new Draft(budget);

  ImagesAccumulator(long maxMessageBytes) {
    super(maxMessageBytes);
  }

  @Override
  void take(SseEvent event) {
    if (event.dataIs("[DONE]")) {
      end(atEndOfBody());
      return;
    }
    Obj chunk = object(event);
    if (chunk == null || failed(event, chunk)) {
      return;
    }
    String type = String.valueOf(chunk.string("type"));
    if (type.endsWith(".partial_image")) {
      token();
    } else if (type.endsWith(".completed")) {
      token();
      image(chunk);
    } else {
      odd("unknown event " + quoted(type) + ": ignored");
    }
  }

  private void image(Obj chunk) {
    Obj image = new Obj();
    chunk
        .members()
        .forEach((name, value) -> {
          if (OF_THE_IMAGE.contains(name)) {
            image.put(name, value);
          } else if (name.equals("created_at")) {
            answer.set("created", value);
          } else if (!name.equals("type")) {
            answer.setUnlessNull(name, value);
          }
        });
    answer.push("data", image);
  }

  @Override
  Obj message() {
    return answer.object();
  }

  @Override
  StreamEnd atEndOfBody() {
    return answer.has("data") ? StreamEnd.COMPLETE : StreamEnd.UPSTREAM_EOF;
  }
}
