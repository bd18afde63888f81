package dev.tapedeck.formats.har;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one body.
 *
 * <p>The arrays are neither copied nor compared.
 *
 * @param wire the bytes that were kept as they came, from the beginning on
 * @param plain what followed, already decoded and without the secrets that it held; mostly nothing
 * @param bytes how many there were on the wire
 * @param missing how many of them were not kept
 * @param missingReason why, in a few words; null if none are missing
 * @param chunks when bytes came: microseconds since the request began and how many bytes, in turns
 */
@SuppressWarnings("ArrayRecordComponent")
public record HarBody(
    byte[] wire,
    byte[] plain,
    long bytes,
    long missing,
    @Nullable String missingReason,
    long[] chunks) {

  /** No body at all. */
  public static final HarBody NONE = of(new byte[0]);

  /** A body that is there whole, in one piece that came nobody knows when. */
  public static HarBody of(byte[] wire) {
    return new HarBody(wire, new byte[0], wire.length, 0, null, new long[0]);
  }

  /** Whether a secret was taken out of it. */
  public boolean redacted() {
    return plain.length > 0;
  }

  /** Whether every byte of the wire is there. */
  public boolean whole() {
    return missing == 0 && !redacted() && wire.length == bytes;
  }

  @Override
  public String toString() {
    return bytes + " bytes in " + Arrays.stream(chunks).count() / 2 + " chunks";
  }
}
