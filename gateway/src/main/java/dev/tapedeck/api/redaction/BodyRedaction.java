package dev.tapedeck.api.redaction;

import dev.tapedeck.api.redaction.SecretSearch.Match;
import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.formats.llm.BodyShape;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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
 * <p>Bytes that may be the beginning of a secret are held back until more is known: of a body
 * without a coding those bytes and what follows, of one with a coding, which cannot be divided by
 * what it stands for, all that came since nothing was held. For one thread.
 */
final class BodyRedaction {

  /** A body that unfolds to more is not searched beyond that, nor kept. */
  private static final long MAX_DECODED_BYTES = 256L << 20;

  /** When so much of a coded body is held back, it goes on as what it stands for. */
  private static final int MAX_HELD_BYTES = 1 << 20;

  private final long exchange;
  private final Side side;
  private final Supplier<SecretSearch> secrets;
  private final @Nullable Decoding decoding;
  private final Function<byte[], Optional<FieldRedaction>> looks;
  private @Nullable FieldRedaction fields;

  /** Decoded bytes that do not tell yet what the body is; null when they have told. */
  private @Nullable ByteArrayOutputStream start = new ByteArrayOutputStream(0);

  private boolean plain;
  private boolean beyond;

  /** What came of a coded body and was not handed on. */
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

  /** What the body stands for, as far as it was not handed on. */
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();

  /** No secret begins in {@link #held} before this. */
  private int searched;

  /**
   * @param coding the body's {@code Content-Encoding}; empty if it has none
   * @param looks finds credentials by their names in a body with these first bytes, decoded
   * @param secrets those that are known by now
   */
  BodyRedaction(
      long exchange,
      Side side,
      String coding,
      Function<byte[], Optional<FieldRedaction>> looks,
      Supplier<SecretSearch> secrets) {
    this.exchange = exchange;
    this.side = side;
    this.secrets = secrets;
    this.looks = looks;
    this.decoding =
        coding.isBlank() ? null : new Decoding(coding, MAX_DECODED_BYTES, this::decoded);
  }

  /** The first bytes decide, whatever the label says. */
  private void look(byte[] first) {
    start = null;
    fields = looks.apply(first).orElse(null);
  }

  private void decoded(byte[] bytes, int offset, int length) {
    ByteArrayOutputStream first = start;
    if (first != null) {
      first.write(bytes, offset, length);
      byte[] all = first.toByteArray();
      if (!BodyShape.isOpen(all, 0, all.length)) {
        look(all);
        pass(all, 0, all.length);
      }
      return;
    }
    pass(bytes, offset, length);
  }

  private void pass(byte[] bytes, int offset, int length) {
    byte[] clean = fields == null ? null : fields.clean(bytes, offset, length);
    if (clean != null) {
      held.writeBytes(clean);
    } else {
      held.write(bytes, offset, length);
    }
  }

  List<HttpEvent> body(HttpEvent.Body body) {
    Bytes data = body.data();
    if (decoding != null) {
      wire.write(data.array(), data.offset(), data.length());
      decoding.feed(data);
      return next(secrets.get());
    }
    if (start != null) {
      // Whoever passes a body without a coding on has held it back until its beginning tells.
      look(data.toArray());
    }
    byte[] clean = fields == null ? null : fields.clean(data.array(), data.offset(), data.length());
    if (clean != null) {
      held.writeBytes(clean);
      return next(secrets.get());
    }
    SecretSearch search = secrets.get();
    if (!plain && held.size() == 0) {
      if (search.isEmpty() || isClean(search, data)) {
        return List.of(body);
      }
    }
    held.write(data.array(), data.offset(), data.length());
    return next(search);
  }

  /** Whether neither a secret nor the beginning of one is there: then it goes on uncopied. */
  private static boolean isClean(SecretSearch search, Bytes data) {
    int to = data.offset() + data.length();
    return !search.in(data.array(), data.offset(), to)
        && search.unsure(data.array(), data.offset(), to) == to;
  }

  /**
   * Whether a secret, or the cut beginning of one, is among the bytes of a coded body as they came.
   * What is labelled as coded need not be: nearly anything can be read as deflate.
   */
  private static boolean holdsSecret(SecretSearch search, Bytes coded) {
    byte[] bytes = coded.toArray();
    return search.first(bytes, 0, bytes.length) != null
        || search.begun(bytes, 0, bytes.length) != null;
  }

  /** No more comes: what was held back goes on. */
  List<HttpEvent> end() {
    ByteArrayOutputStream first = start;
    if (first != null) {
      look(first.toByteArray());
      pass(first.toByteArray(), 0, first.size());
    }
    List<HttpEvent> last = new ArrayList<>(last(secrets.get()));
    if (decoding != null) {
      decoding.close();
    }
    return last;
  }

  /** Bytes were left out here: what came before is judged by itself. */
  List<HttpEvent> missing(HttpEvent.Missing missing) {
    List<HttpEvent> events = new ArrayList<>(end());
    events.add(missing);
    // Without them what follows cannot be decoded, and so not be searched.
    beyond = decoding != null;
    return events;
  }

  private List<HttpEvent> next(SecretSearch search) {
    if (beyond()) {
      return leaveOut();
    }
    byte[] text = held.toByteArray();
    judge(search, text);
    searched = search.unsure(text, Math.min(searched, text.length), text.length);
    if (plain || decoding == null) {
      return handOn(search, text, searched);
    }
    boolean told = start == null || start.size() == 0;
    if (searched == text.length && !decoding.holds() && told) {
      Bytes coded = Bytes.of(wire.toByteArray());
      if (isClean(search, coded)) {
        return handOnWire();
      }
      plain = holdsSecret(search, coded);
    }
    plain |= wire.size() > MAX_HELD_BYTES;
    return plain ? handOn(search, text, searched) : List.of();
  }

  private boolean beyond() {
    return beyond || (decoding != null && decoding.beyond());
  }

  private void judge(SecretSearch search, byte[] text) {
    plain |=
        search.first(text, Math.min(searched, text.length), text.length) != null
            || (fields != null && fields.altered());
  }

  private List<HttpEvent> last(SecretSearch search) {
    if (fields != null) {
      held.writeBytes(fields.end());
    }
    if (beyond()) {
      return leaveOut();
    }
    byte[] text = held.toByteArray();
    judge(search, text);
    Match begun = search.begun(text, Math.min(searched, text.length), text.length);
    if (begun == null && decoding != null && !plain) {
      if (decoding.holds()) {
        return leaveOut();
      }
      Bytes coded = Bytes.of(wire.toByteArray());
      if (!holdsSecret(search, coded)) {
        return handOnWire();
      }
      plain = true;
    }
    List<HttpEvent> last = new ArrayList<>();
    if (begun == null) {
      last.addAll(handOn(search, text, text.length));
    } else {
      // A secret that was cut is not much less of one.
      plain |= decoding != null;
      last.addAll(handOn(search, text, begun.from()));
      plain = true;
      held.reset();
      last.add(event(begun.mark().getBytes(StandardCharsets.UTF_8)));
    }
    return last;
  }

  /** Hands on what the body stands for, as far as it is sure. */
  private List<HttpEvent> handOn(SecretSearch search, byte[] text, int sure) {
    ByteArrayOutputStream clean = new ByteArrayOutputStream(sure);
    search.clean(text, 0, sure, clean);
    wire.reset();
    held.reset();
    held.write(text, sure, text.length - sure);
    searched = 0;
    return clean.size() == 0 ? List.of() : List.of(event(clean.toByteArray()));
  }

  private List<HttpEvent> handOnWire() {
    byte[] bytes = wire.toByteArray();
    wire.reset();
    held.reset();
    searched = 0;
    return bytes.length == 0 ? List.of() : List.of(event(bytes));
  }

  private HttpEvent event(byte[] bytes) {
    return new HttpEvent.Body(exchange, side, Bytes.of(bytes), plain);
  }

  private List<HttpEvent> leaveOut() {
    int bytes = decoding == null ? held.size() : wire.size();
    wire.reset();
    held.reset();
    searched = 0;
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
