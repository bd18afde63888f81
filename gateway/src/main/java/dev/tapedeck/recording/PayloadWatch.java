package dev.tapedeck.recording;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.formats.cast.CastEncoder;
import dev.tapedeck.session.SessionRecord.Payload;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one direction of a track: what is not text in it, and how much of that is kept.
 *
 * <p>Bytes that are UTF-8 are in the recording as text. All others are kept as they are, as long as
 * the track's {@link PayloadLimit} allows; of those beyond it size and SHA-256 are recorded.
 */
final class PayloadWatch implements CastEncoder.Keeping {

  private final String direction;
  private final PayloadLimit limit;
  private long passed;
  private long offset;
  private long payloadBytes;
  private long keptBytes;
  private @Nullable MessageDigest digest;
  private @Nullable String checksum;
  private boolean announced;
  private boolean incomplete;

  /**
   * Of one direction.
   *
   * @param direction {@code input}, {@code output} or {@code error}
   */
  PayloadWatch(String direction, PayloadLimit limit) {
    this.direction = direction;
    this.limit = limit;
  }

  /** The bytes went into the recording, in whatever form. */
  void passed(Bytes data) {
    passed += data.length();
  }

  @Override
  public boolean keep(byte[] bytes, int before) {
    MessageDigest sum = digest;
    if (sum == null) {
      sum = sha256();
      digest = sum;
      offset = passed - before;
    }
    sum.update(bytes);
    payloadBytes += bytes.length;
    if (!limit.take(bytes.length)) {
      return false;
    }
    keptBytes += bytes.length;
    return true;
  }

  /**
   * For the mark where bytes begin that are not shown; only the first time, for a direction may
   * turn to text and back with every chunk.
   */
  Optional<String> announcement() {
    if (announced) {
      return Optional.empty();
    }
    announced = true;
    return Optional.of(direction + " is not text from byte " + passed + " on: kept as bytes");
  }

  /** No more will come. What there is to say of the payload, if not all of it was kept. */
  Optional<String> end() {
    if (digest != null && checksum == null && !incomplete) {
      checksum = HexFormat.of().formatHex(digest.digest());
    }
    return keptBytes == payloadBytes
        ? Optional.empty()
        : Optional.of(
            "%s: %d bytes are not text, %d of them kept, SHA-256 %s"
                .formatted(
                    direction, payloadBytes, keptBytes, checksum == null ? "unknown" : checksum));
  }

  /** Bytes went by unseen: size and checksum would be wrong. */
  void skipped() {
    incomplete = true;
  }

  /** To be asked when no more comes. */
  Optional<Payload> payload() {
    return digest == null
        ? Optional.empty()
        : Optional.of(new Payload(direction, offset, payloadBytes, keptBytes, checksum));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
