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
 * @param beside the file that has the bytes, if there are too many of them for an entry: then
 *     {@code wire} is no more than their beginning and their end, without what they were coded in
 */
@SuppressWarnings("ArrayRecordComponent")
public record HarBody(
    byte[] wire,
    byte[] plain,
    long bytes,
    long missing,
    @Nullable String missingReason,
    long[] chunks,
    @Nullable Beside beside) {

  /**
   * A file beside the HAR that has a body.
   *
   * @param name within the HAR's folder
   * @param bytes its size
   * @param coding what its bytes are coded in; empty for nothing
   * @param sha256 of the body as it passed, in hex; null if not all of it is known
   * @param redacted whether a secret was taken out of it
   */
  public record Beside(
      String name, long bytes, String coding, @Nullable String sha256, boolean redacted) {}

  /** A body whose bytes are all here. */
  public HarBody(
      byte[] wire,
      byte[] plain,
      long bytes,
      long missing,
      @Nullable String missingReason,
      long[] chunks) {
    this(wire, plain, bytes, missing, missingReason, chunks, null);
  }

  /** No body at all. */
  public static final HarBody NONE = of(new byte[0]);

  /** A body that is there whole, in one piece that came nobody knows when. */
  public static HarBody of(byte[] wire) {
    return new HarBody(wire, new byte[0], wire.length, 0, null, new long[0]);
  }

  /** Whether a secret was taken out of it. */
  public boolean redacted() {
    return beside == null ? plain.length > 0 : beside.redacted();
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
