package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Wire.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.llm.Part.Kind;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConversationTest {

  private static Part part(String role, Kind kind, String text) {
    return new Part(role, kind, text, null, null);
  }

  @Test
  void anAnthropicRequestIsRead() {
    assertThat(
            Conversation.request(
                Protocol.ANTHROPIC_MESSAGES,
                json(
                    """
                    {"system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}],
                     "messages":[
                      {"role":"user","content":"Hello"},
                      {"role":"assistant","content":[
                        {"type":"thinking","thinking":"hm","signature":"s"},
                        {"type":"redacted_thinking","data":"AAAA"},
                        {"type":"text","text":"I look."},
                        {"type":"tool_use","id":"t1","name":"Bash","input":{"command":"ls"}}]},
                      {"role":"user","content":[
                        {"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"a.txt"},{"type":"text","text":"b.txt"}]},
                        {"type":"tool_result","tool_use_id":"t2","content":"no such file","is_error":true},
                        {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
                        {"type":"document","title":"Notes","source":{"type":"text","media_type":"text/plain","data":"read me"}},
                        {"type":"new","id":"n","words":["a","b"],"encrypted_content":"zzz"}]}]}
                    """)))
        .containsExactly(
            part("system", Kind.SYSTEM, "Be brief."),
            part("user", Kind.TEXT, "Hello"),
            part("assistant", Kind.THINKING, "hm"),
            new Part("assistant", Kind.THINKING, "", "redacted_thinking", null),
            part("assistant", Kind.TEXT, "I look."),
            new Part("assistant", Kind.TOOL_CALL, "{\"command\":\"ls\"}", "Bash", "t1"),
            new Part("tool", Kind.TOOL_RESULT, "a.txt\nb.txt", null, "t1"),
            new Part("tool", Kind.TOOL_ERROR, "no such file", null, "t2"),
            part("user", Kind.IMAGE, "image/png"),
            part("user", Kind.DOCUMENT, "Notes\nread me"),
            new Part("user", Kind.OTHER, "a\nb", "new", "n"));
  }

  @Test
  void anAnthropicAnswerIsReadAlsoWhileItStreams() {
    assertThat(
            Conversation.answer(
                Protocol.ANTHROPIC_MESSAGES,
                json(
                    """
                    {"role":"assistant","content":[
                      {"type":"text","text":"Let me search"},
                      {"type":"web_search_tool_result","tool_use_id":"s","content":[{"type":"web_search_result","title":"T","url":"https://u","encrypted_content":"zz","page_age":null}]},
                      {"type":"web_search_tool_result","tool_use_id":"s","content":{"type":"web_search_tool_result_error","error_code":"max_uses_exceeded"}},
                      {"type":"tool_use","id":"t","name":"Bash","input":{},"_input_raw":"{\\"comm"}],
                     "_error":{"type":"overloaded_error","message":"Overloaded"}}
                    """)))
        .containsExactly(
            part("assistant", Kind.TEXT, "Let me search"),
            new Part("tool", Kind.TOOL_RESULT, "T\nhttps://u", "web_search_tool_result", "s"),
            new Part("tool", Kind.TOOL_ERROR, "max_uses_exceeded", "web_search_tool_result", "s"),
            new Part("assistant", Kind.TOOL_CALL, "{\"comm", "Bash", "t"),
            new Part("assistant", Kind.ERROR, "Overloaded", "overloaded_error", null));
  }

  @Test
  void anErrorAnswerIsRead() {
    Json error = json("{\"error\":{\"type\":\"x_error\",\"message\":\"No.\"}}");
    for (Protocol each : Protocol.values()) {
      assertThat(Conversation.answer(each, error))
          .containsExactly(new Part("assistant", Kind.ERROR, "No.", "x_error", null));
    }
    assertThat(Conversation.answer(Protocol.OPENAI_CHAT, json("{\"error\":\"plain\"}")))
        .containsExactly(part("assistant", Kind.ERROR, "plain"));
  }

  @Test
  void aChatIsRead() {
    assertThat(
            Conversation.request(
                Protocol.OPENAI_CHAT,
                json(
                    """
                    {"messages":[
                      {"role":"developer","content":"Be brief."},
                      {"role":"user","content":[{"type":"text","text":"See"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"file","file":{"filename":"f.pdf","file_data":"AAAA"}}]},
                      {"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\\"x\\":1}"}}]},
                      {"role":"tool","tool_call_id":"c","content":"done"}]}
                    """)))
        .containsExactly(
            part("system", Kind.SYSTEM, "Be brief."),
            part("user", Kind.TEXT, "See"),
            part("user", Kind.IMAGE, "image/png;base64"),
            part("user", Kind.DOCUMENT, "f.pdf"),
            new Part("assistant", Kind.TOOL_CALL, "{\"x\":1}", "f", "c"),
            new Part("tool", Kind.TOOL_RESULT, "done", null, "c"));
    assertThat(
            Conversation.answer(
                Protocol.OPENAI_CHAT,
                json(
                    "{\"choices\":[{\"message\":{\"reasoning_content\":\"hm\",\"content\":\"Hi\",\"refusal\":null}},"
                        + "{\"message\":{\"content\":null,\"refusal\":\"No\"}}]}")))
        .containsExactly(
            part("assistant", Kind.THINKING, "hm"),
            part("assistant", Kind.TEXT, "Hi"),
            part("assistant", Kind.REFUSAL, "No"));
  }

  @Test
  void responsesAreRead() {
    assertThat(
            Conversation.request(
                Protocol.OPENAI_RESPONSES,
                json(
                    """
                    {"instructions":"Be brief.","input":[
                      {"role":"user","content":"Hello"},
                      {"type":"message","role":"developer","content":[{"type":"input_text","text":"rules"}]},
                      {"type":"message","role":"user","content":[{"type":"input_image","image_url":"https://u/i.png"}]},
                      {"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"zz"},
                      {"type":"function_call","id":"fc","call_id":"c","name":"shell","arguments":"{}"},
                      {"type":"function_call_output","call_id":"c","output":"ok"}]}
                    """)))
        .containsExactly(
            part("system", Kind.SYSTEM, "Be brief."),
            part("user", Kind.TEXT, "Hello"),
            part("system", Kind.SYSTEM, "rules"),
            part("user", Kind.IMAGE, "https://u/i.png"),
            part("assistant", Kind.THINKING, "hm"),
            new Part("assistant", Kind.TOOL_CALL, "{}", "shell", "c"),
            new Part("tool", Kind.TOOL_RESULT, "ok", null, "c"));
    assertThat(Conversation.request(Protocol.OPENAI_RESPONSES, json("{\"input\":\"Just this\"}")))
        .containsExactly(part("user", Kind.TEXT, "Just this"));
    assertThat(
            Conversation.answer(
                Protocol.OPENAI_RESPONSES,
                json(
                    """
                    {"error":null,"output":[
                      {"type":"web_search_call","id":"w","status":"completed","action":{"type":"search","query":"q"}},
                      {"type":"mcp_call","id":"m","name":"look","arguments":"{}","output":"found"},
                      {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi"},{"type":"refusal","refusal":"No"}]}]}
                    """)))
        .containsExactly(
            new Part(
                "assistant",
                Kind.TOOL_CALL,
                "{\"type\":\"search\",\"query\":\"q\"}",
                "web_search_call",
                "w"),
            new Part("assistant", Kind.TOOL_CALL, "{}", "look", "m"),
            new Part("tool", Kind.TOOL_RESULT, "found", null, "m"),
            part("assistant", Kind.TEXT, "Hi"),
            part("assistant", Kind.REFUSAL, "No"));
  }

  @Test
  void geminiIsRead() {
    assertThat(
            Conversation.request(
                Protocol.GEMINI,
                json(
                    """
                    {"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[
                      {"role":"user","parts":[{"text":"Hi"},{"inlineData":{"mimeType":"image/png","data":"AA"}}]},
                      {"role":"model","parts":[{"text":"hm","thought":true},{"functionCall":{"name":"f","args":{"x":1}}}]},
                      {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"ok"}}}]}]}
                    """)))
        .containsExactly(
            part("system", Kind.SYSTEM, "Be brief."),
            part("user", Kind.TEXT, "Hi"),
            part("user", Kind.IMAGE, "image/png"),
            part("assistant", Kind.THINKING, "hm"),
            new Part("assistant", Kind.TOOL_CALL, "{\"x\":1}", "f", null),
            new Part("tool", Kind.TOOL_RESULT, "ok", "f", null));
    assertThat(
            Conversation.answer(
                Protocol.GEMINI,
                json("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Yes\"}]}}]}")))
        .containsExactly(part("assistant", Kind.TEXT, "Yes"));
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void anythingCanBeReadWithoutThrowing(Protocol protocol) {
    Random random = new Random(7);
    for (int i = 0; i < 3000; i++) {
      Json any = any(random, 5);
      assertThat(Conversation.request(protocol, any)).isNotNull();
      assertThat(Conversation.answer(protocol, any)).isNotNull();
      for (String path :
          new String[] {
            "/v1/messages",
            "/chat/completions",
            "/responses",
            ":generateContent",
            "/completions",
            "/embeddings",
            "/images/edits",
            "/moderations",
            "/api/chat",
            "/api/generate",
            "/api/embed"
          }) {
        assertThat(LlmCall.of(path, any, any)).isNotNull();
      }
    }
    assertThat(Conversation.request(protocol, null)).isEmpty();
  }

  private static final String[] NAMES = {
    "system",
    "messages",
    "role",
    "content",
    "type",
    "text",
    "input",
    "output",
    "tool_calls",
    "error",
    "function",
    "choices",
    "message",
    "candidates",
    "parts",
    "contents",
    "usage",
    "instructions",
    "source",
    "summary",
    "image_url",
    "systemInstruction",
    "functionCall",
    "_error",
    "prompt",
    "response",
    "images",
    "data",
    "embeddings",
    "results",
    "usageMetadata"
  };

  private static final String[] STRINGS = {
    "text",
    "thinking",
    "tool_use",
    "tool_result",
    "image",
    "document",
    "message",
    "reasoning",
    "function_call",
    "x_call",
    "x_output",
    "image_url",
    "file",
    "user",
    "assistant",
    "tool",
    "system"
  };

  private static Json any(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 8)) {
      case 0 -> Json.Null.NULL;
      case 1 -> new Json.Num("7");
      case 2 -> new Json.Bool(true);
      case 3 -> new Json.Str(STRINGS[random.nextInt(STRINGS.length)]);
      case 4, 5 -> {
        Json.Arr array = new Json.Arr();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(any(random, depth - 1));
        }
        yield array;
      }
      default -> {
        Json.Obj object = new Json.Obj();
        for (int i = random.nextInt(9); i > 0; i--) {
          object.put(NAMES[random.nextInt(NAMES.length)], any(random, depth - 1));
        }
        yield object;
      }
    };
  }
}
