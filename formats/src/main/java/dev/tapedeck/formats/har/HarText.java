package dev.tapedeck.formats.har;

import dev.tapedeck.formats.json.Json.Obj;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Bodies as HAR writes them: text where they are text, else base64. */
final class HarText {

  private HarText() {}

  /** The bytes as text if they are UTF-8, else null. */
  static @Nullable String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notText) {
      return null;
    }
  }

  /** A response's content. */
  static Obj content(String mimeType, byte[] body) {
    Obj content = new Obj().put("size", body.length).put("mimeType", mimeType);
    return body.length == 0 ? content : put(content, "encoding", body);
  }

  /** A request's body; HAR has no encoding there, so that it is one of our own. */
  static Obj postData(String mimeType, byte[] body) {
    return put(new Obj().put("mimeType", mimeType), "_encoding", body);
  }

  private static Obj put(Obj into, String encoding, byte[] body) {
    String text = text(body);
    return text == null
        ? into.put("text", Base64.getEncoder().encodeToString(body)).put(encoding, "base64")
        : into.put("text", text);
  }
}
