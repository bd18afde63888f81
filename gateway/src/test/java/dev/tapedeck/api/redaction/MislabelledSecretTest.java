package dev.tapedeck.api.redaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Secrets in bodies whose label is missing or wrong: recordings show those decoded. */
class MislabelledSecretTest {

  private static final String KEY = "sk-planted-0123456789";
  private static final String TEXT = "{\"error\":\"the key " + KEY + " is wrong\"}";

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private long missing;

  private void answer(List<HttpHeader> headers, byte[] body, int cut) {
    Redaction redaction = new Redaction(new SecretSearches(), SecretNames.USUAL);
    List<HttpEvent> events =
        new ArrayList<>(
            redaction.of(
                new HttpEvent.Requested(
                    1,
                    Instant.EPOCH,
                    "openai",
                    "POST",
                    "http://x/v1/responses",
                    "HTTP/1.1",
                    List.of(new HttpHeader("authorization", "Bearer " + KEY)))));
    events.addAll(redaction.of(new HttpEvent.Answered(1, 401, "", "HTTP/1.1", headers)));
    for (byte[] part :
        List.of(Arrays.copyOf(body, cut), Arrays.copyOfRange(body, cut, body.length))) {
      events.addAll(
          redaction.of(new HttpEvent.Body(1, Side.RESPONSE, Bytes.of(part), /* plain= */ false)));
    }
    events.addAll(redaction.of(new HttpEvent.BodyEnded(1, Side.RESPONSE, body.length)));
    for (HttpEvent event : events) {
      if (event instanceof HttpEvent.Body part && part.side() == Side.RESPONSE) {
        kept.writeBytes(part.data().toArray());
      } else if (event instanceof HttpEvent.Missing lost) {
        missing += lost.bytes();
      }
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return out.toByteArray();
  }

  @Test
  void aKeyInABodyThatDoesNotSayThatItIsCompressedIsTakenOut() throws Exception {
    byte[] body = gzip(TEXT);
    for (int cut = 0; cut <= body.length; cut++) {
      kept.reset();
      answer(List.of(new HttpHeader("content-type", "application/json")), body, cut);
      assertThat(kept.toString(UTF_8)).contains("REDACTED-sha256-").doesNotContain(KEY);
    }
  }

  @Test
  void plainTextThatIsCalledCompressedIsKeptWithoutItsKey() {
    byte[] body = TEXT.getBytes(UTF_8);
    for (int cut = 0; cut <= body.length; cut++) {
      kept.reset();
      answer(List.of(new HttpHeader("content-encoding", "gzip")), body, cut);
      assertThat(kept.toString(UTF_8)).contains("REDACTED-sha256-").doesNotContain(KEY);
      assertThat(missing).isZero();
    }
  }
}
