package dev.tapedeck.api.redaction;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One body on its way into the recording: the bytes of the wire for as long as what they stand for
 * holds no secret; from the first secret on, what they stand for without it.
 *
 * <pre>
 *   wire --a secret--> plain
 * </pre>
 *
 * <p>Bytes that may be the beginning of a secret are held back until more is known. For one thread.
 */
final class BodyRedaction {

  /** A body that unfolds to more is not searched beyond that, nor kept. */
  private static final long MAX_DECODED_BYTES = 256L << 20;

  private final long exchange;
  private final Side side;
  private final Supplier<SecretSearch> secrets;
  private final @Nullable Decoding decoding;
  private boolean plain;
  private boolean beyond;

  /** What came on the wire and was not handed on. */
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

  /** What {@link #wire} stands for, or its end: searched, and not yet sure. */
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();

  /**
   * @param coding the body's {@code Content-Encoding}; empty if it has none
   * @param secrets those that are known by now
   */
  BodyRedaction(long exchange, Side side, String coding, Supplier<SecretSearch> secrets) {
    this.exchange = exchange;
    this.side = side;
    this.secrets = secrets;
    this.decoding = coding.isBlank() ? null : new Decoding(coding, MAX_DECODED_BYTES, held);
  }

  List<HttpEvent> body(HttpEvent.Body body) {
    SecretSearch search = secrets.get();
    Bytes data = body.data();
    if (search.isEmpty() && held.size() == 0 && decoding == null) {
      return List.of(body);
    }
    if (decoding == null && !plain && wire.size() == 0 && isClean(search, data)) {
      return List.of(body);
    }
    wire.write(data.array(), data.offset(), data.length());
    if (decoding == null) {
      held.write(data.array(), data.offset(), data.length());
    } else {
      decoding.feed(data);
    }
    return next(search, /* last= */ false);
  }

  /** Whether neither a secret nor the beginning of one is there: then it goes on uncopied. */
  private static boolean isClean(SecretSearch search, Bytes data) {
    int to = data.offset() + data.length();
    return !search.in(data.array(), data.offset(), to)
        && search.unsure(data.array(), data.offset(), to) == to;
  }

  /** No more comes: what was held back goes on. */
  List<HttpEvent> end() {
    List<HttpEvent> events = new ArrayList<>();
    if (decoding != null) {
      decoding.close();
    }
    events.addAll(next(secrets.get(), /* last= */ true));
    return events;
  }

  /** Bytes were left out here: what came before is judged by itself. */
  List<HttpEvent> missing(HttpEvent.Missing missing) {
    List<HttpEvent> events = new ArrayList<>(next(secrets.get(), /* last= */ true));
    events.add(missing);
    if (decoding != null) {
      // What follows cannot be decoded, and so not be searched.
      decoding.close();
      beyond = true;
    }
    return events;
  }

  private List<HttpEvent> next(SecretSearch search, boolean last) {
    if (beyond || (decoding != null && decoding.beyond())) {
      return leaveOut();
    }
    byte[] text = held.toByteArray();
    if (!plain && search.in(text, 0, text.length)) {
      plain = true;
      wire.reset();
    }
    int sure = last ? text.length : search.unsure(text, 0, text.length);
    if (!plain) {
      // The wire's bytes cannot be divided by what they stand for: all or none of them go on.
      if (sure < text.length) {
        return List.of();
      }
      held.reset();
      return taken(wire);
    }
    ByteArrayOutputStream clean = new ByteArrayOutputStream(text.length);
    search.clean(text, 0, sure, clean);
    held.reset();
    held.write(text, sure, text.length - sure);
    wire.reset();
    return taken(clean);
  }

  private List<HttpEvent> taken(ByteArrayOutputStream bytes) {
    if (bytes.size() == 0) {
      return List.of();
    }
    HttpEvent.Body body = new HttpEvent.Body(exchange, side, Bytes.of(bytes.toByteArray()), plain);
    bytes.reset();
    return List.of(body);
  }

  private List<HttpEvent> leaveOut() {
    int bytes = wire.size();
    wire.reset();
    held.reset();
    return bytes == 0
        ? List.of()
        : List.of(
            new HttpEvent.Missing(
                exchange,
                side,
                bytes,
                "it could not be decoded, and so not be searched for secrets",
                /* gap= */ false));
  }
}
