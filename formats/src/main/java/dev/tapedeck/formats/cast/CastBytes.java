package dev.tapedeck.formats.cast;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a recording's events stand for.
 *
 * <p>A cast is JSON and holds text. Where a program's bytes are not UTF-8, an event with a code of
 * our own comes first:
 *
 * <pre>
 *   [1.5, "b", "Y2Fm6Q=="]       the exact bytes of the next event, in base64
 *   [1.5, "o", "caf\ufffd"]      what a terminal shows of them; empty where that would be nonsense
 * </pre>
 *
 * <p>So whoever does not know {@code b} skips it, as players do with unknown codes, and shows the
 * text. Without a {@code b} before it, an event's bytes are its text in UTF-8.
 *
 * <p>For one recording, its events in order; only {@code o} and {@code i} have bytes.
 */
public final class CastBytes {

  /** The code of the events that hold bytes. */
  public static final CastCode CODE = new CastCode.Unknown("b");

  private byte @Nullable [] next;

  /** Begins before a recording's first event. */
  public CastBytes() {}

  /** The event's bytes; none if it is neither output nor input. */
  public byte[] of(CastEvent event) {
    byte[] exact = next;
    next = event.code().equals(CODE) ? decoded(event.data()) : null;
    if (event.code() != CastCode.Known.OUTPUT && event.code() != CastCode.Known.INPUT) {
      return new byte[0];
    }
    return exact == null ? event.data().getBytes(StandardCharsets.UTF_8) : exact;
  }

  /** Null for what is not base64: somebody else's event of the same code. */
  private static byte @Nullable [] decoded(String data) {
    try {
      return Base64.getDecoder().decode(data);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
