package dev.tapedeck.formats.llm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tapedeck.formats.fuzz.Input;
import dev.tapedeck.formats.json.Json;

/** Requests and answers of any shape are told as far as they can be; nothing is thrown. */
public final class LlmCallFuzz {

  private LlmCallFuzz() {}

  /** For Jazzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    Input input = new Input(bytes);
    Protocol protocol = input.choice(Protocol.values());
    byte[] request = input.take(input.choice(256) * 16);
    byte[] answer = input.rest();
    Json asked = Json.tryParse(request, 0, request.length).orElse(null);
    Json told = Json.tryParse(answer, 0, answer.length).orElse(null);
    Conversation.request(protocol, asked);
    Conversation.answer(protocol, told);
    LlmCall.of(new String(request, ISO_8859_1), told, asked);
    LlmCall.of("/v1/messages", asked, told);
    byte[] off = StreamFlag.off(request);
    Input.check(off.length >= request.length, "something was left out");
  }
}
