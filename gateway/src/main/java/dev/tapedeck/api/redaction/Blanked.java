package dev.tapedeck.api.redaction;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A request as it compares with another, whether credentials were taken out of either before: each
 * of them is the same blank, whatever it was.
 *
 * @param shown path and query as they may be shown
 * @param target path and query with blanks
 * @param body with blanks
 */
@SuppressWarnings("ArrayRecordComponent")
public record Blanked(String shown, String target, byte[] body) {

  /** Too short to be taken for a credential itself, and no part of a mark. */
  private static final String BLANK = "_";

  private static final String HOST = "http://replay.invalid";
  private static final Pattern MARK = pattern();

  /**
   * Takes credentials out as the recorder does.
   *
   * @param headers whose credentials are looked for in the rest
   * @param plain the body without a coding
   * @param names what credentials are called
   */
  public static Blanked of(
      String method, String target, List<HttpHeader> headers, byte[] plain, SecretNames names) {
    Redaction redaction = new Redaction(new SecretSearches(), names);
    // A mark is blank from the start: the rules would see a part of it as one more secret.
    String url = HOST + MARK.matcher(target).replaceAll(BLANK);
    byte[] unmarked = blank(plain);
    ByteArrayOutputStream body = new ByteArrayOutputStream(plain.length);
    List<HttpHeader> uncoded =
        headers.stream().filter(header -> !header.is("content-encoding")).toList();
    for (HttpEvent event :
        redaction.of(
            new HttpEvent.Requested(1, Instant.EPOCH, "", method, url, "HTTP/1.1", uncoded))) {
      if (event instanceof HttpEvent.Requested requested) {
        url = requested.url();
      }
    }
    if (unmarked.length > 0) {
      keep(redaction.of(new HttpEvent.Body(1, Side.REQUEST, Bytes.of(unmarked), true)), body);
    }
    keep(redaction.of(new HttpEvent.BodyEnded(1, Side.REQUEST, unmarked.length)), body);
    String shown = url.startsWith(HOST) ? url.substring(HOST.length()) : url;
    return new Blanked(shown, MARK.matcher(shown).replaceAll(BLANK), blank(body.toByteArray()));
  }

  private static void keep(List<HttpEvent> events, ByteArrayOutputStream body) {
    for (HttpEvent event : events) {
      if (event instanceof HttpEvent.Body part) {
        body.writeBytes(part.data().toArray());
      }
    }
  }

  private static byte[] blank(byte[] body) {
    // Each byte is a character, so that bytes that are no text stay as they are.
    String text = new String(body, StandardCharsets.ISO_8859_1);
    return MARK.matcher(text).find()
        ? MARK.matcher(text).replaceAll(BLANK).getBytes(StandardCharsets.ISO_8859_1)
        : body;
  }

  /** Of any mark, found by what one looks like. */
  private static Pattern pattern() {
    String[] around = RedactionMark.mark("any").split("[0-9a-f]{12}", 2);
    return Pattern.compile(Pattern.quote(around[0]) + "[0-9a-f]{12}" + Pattern.quote(around[1]));
  }
}
