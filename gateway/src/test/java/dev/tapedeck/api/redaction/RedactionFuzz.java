package dev.tapedeck.api.redaction;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.formats.fuzz.Input;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A body in which the key of the request's header is set at places that the fuzzer chooses, under
 * labels that it chooses: the key is never kept, and what is kept ends with the body.
 */
final class RedactionFuzz {

  private static final String KEY = "planted-0123456789";

  private static final String[] TYPES = {
    "application/json", "text/event-stream", "text/plain", "multipart/form-data; boundary=x", "?"
  };

  private static final String[] CODINGS = {"", "gzip", "br", "zstd", "deflate", "identity"};

  private RedactionFuzz() {}

  public static void fuzzerTestOneInput(byte[] bytes) {
    Input input = new Input(bytes);
    Side side = input.choice(Side.values());
    List<HttpHeader> fields = new ArrayList<>();
    fields.add(new HttpHeader("content-type", input.choice(TYPES)));
    String coding = input.choice(CODINGS);
    if (!coding.isEmpty()) {
      fields.add(new HttpHeader("content-encoding", coding));
    }
    int size = 1 + input.choice(60);
    byte[] body = new String(input.rest(), ISO_8859_1).replace("\u0001", KEY).getBytes(ISO_8859_1);

    Redaction redaction = new Redaction(new SecretSearches(), SecretNames.USUAL);
    List<HttpHeader> asked = new ArrayList<>(fields);
    asked.add(new HttpHeader("authorization", "Bearer " + KEY));
    List<HttpEvent> events =
        new ArrayList<>(
            redaction.of(
                new HttpEvent.Requested(
                    1, Instant.EPOCH, "u", "POST", "http://x/v1/files", "HTTP/1.1", asked)));
    if (side == Side.RESPONSE) {
      events.addAll(redaction.of(new HttpEvent.Answered(1, 200, "", "HTTP/1.1", fields)));
    }
    for (byte[] piece : new Input(body).pieces(size)) {
      events.addAll(redaction.of(new HttpEvent.Body(1, side, Bytes.of(piece), false)));
    }
    events.addAll(redaction.of(new HttpEvent.BodyEnded(1, side, body.length)));
    events.addAll(redaction.of(new HttpEvent.Finished(1, HttpEvent.End.COMPLETE, null)));
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    for (HttpEvent event : events) {
      if (event instanceof HttpEvent.Body part) {
        kept.writeBytes(part.data().toArray());
      }
    }
    Input.check(!kept.toString(ISO_8859_1).contains(KEY), "the key is kept");
    Input.check(events.getLast() instanceof HttpEvent.Finished, "it does not end");
  }
}
