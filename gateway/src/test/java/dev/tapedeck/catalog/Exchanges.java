package dev.tapedeck.catalog;

import dev.tapedeck.formats.har.HarBody;
import dev.tapedeck.formats.har.HarEntry;
import dev.tapedeck.formats.har.HarExchange;
import dev.tapedeck.formats.har.HarField;
import dev.tapedeck.formats.har.HarLayout;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.StreamEnd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Exchanges with Anthropic's API as entries of a HAR, made by what makes real ones. */
public final class Exchanges {

  public static final String URL = "https://api.anthropic.com/v1/messages?beta=true";

  private static final long MILLI = 1_000_000;

  private Exchanges() {}

  /** A call with a whole answer, {@code number} seconds into the session. */
  public static Obj call(long number, String messages, String content) {
    String answer =
        """
        {"id":"msg_%d","type":"message","role":"assistant","model":"claude-x","content":%s,
         "stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":5,
         "cache_read_input_tokens":100,"cache_creation_input_tokens":7}}\
        """
            .formatted(number, content);
    return of(number, 200, "application/json", messages, answer, StreamEnd.COMPLETE);
  }

  /** A call whose stream ends with an error. */
  public static Obj overloaded(long number, String messages) {
    String answer =
        """
        event: message_start
        data: {"type":"message_start","message":{"id":"m","role":"assistant","model":"claude-x",\
        "content":[],"usage":{"input_tokens":3,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Half"}}

        event: error
        data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded today"}}

        """;
    return of(number, 200, "text/event-stream", messages, answer, StreamEnd.COMPLETE);
  }

  public static Obj of(
      long number, int status, String type, String messages, String answer, StreamEnd end) {
    String request = "{\"model\":\"claude-x\",\"stream\":true,\"messages\":" + messages + "}";
    byte[] answered = bytes(answer);
    Obj entry =
        HarEntry.of(
            new HarExchange(
                number,
                Sessions.START.plusSeconds(number),
                "anthropic",
                "POST",
                URL,
                "HTTP/1.1",
                List.of(new HarField("content-type", "application/json")),
                HarBody.of(bytes(request)),
                new HarExchange.Answer(
                    status,
                    "OK",
                    "HTTP/1.1",
                    List.of(new HarField("content-type", type)),
                    new HarBody(
                        answered,
                        new byte[0],
                        answered.length,
                        0,
                        null,
                        new long[] {250_400, answered.length})),
                new HarExchange.Times(-1, 20 * MILLI, 5 * MILLI, 200 * MILLI, 1000 * MILLI),
                end,
                null));
    return entry.put("_time", new Json.Num(number + ".250000"));
  }

  /** A file with these entries. */
  public static Path har(Path file, Obj... entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(HarLayout.head("test"));
    for (int i = 0; i < entries.length; i++) {
      out.writeBytes(HarLayout.entry(entries[i], i == 0));
    }
    out.writeBytes(HarLayout.foot(new Arr()));
    return Files.write(file, out.toByteArray());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
