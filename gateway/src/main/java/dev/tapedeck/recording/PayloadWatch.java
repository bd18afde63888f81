package dev.tapedeck.recording;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.session.SessionRecord.Payload;
import dev.tapedeck.storage.TapeFile;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at one direction of a command without a terminal: as long as it is text it goes into the
 * cast; from the first chunk on that is not, it is a payload, of which size and SHA-256 are
 * recorded.
 *
 * <p>A chunk is not text if it has a NUL, or if more than one byte in {@value #ODD_SHARE} is a
 * control character that text does not have or not UTF-8. So a text file in some old 8-bit encoding
 * stays readable, and an archive never gets in.
 */
final class PayloadWatch {

  private static final Logger LOG = LoggerFactory.getLogger(PayloadWatch.class);

  /** One odd byte in as many makes a chunk something else than text. */
  static final int ODD_SHARE = 5;

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final long SPACES = 0x2020_2020_2020_2020L;
  private static final long TOP_BITS = 0x8080_8080_8080_8080L;

  private final String direction;
  private final @Nullable Keep keep;
  private long textBytes;
  private long payloadBytes;
  private @Nullable MessageDigest digest;
  private @Nullable String checksum;
  private boolean incomplete;
  private boolean ended;
  private @Nullable TapeFile kept;
  private @Nullable String keptName;

  PayloadWatch(String direction, @Nullable Keep keep) {
    this.direction = direction;
    this.keep = keep;
  }

  /** Where a payload's bytes are kept. */
  interface Keep {

    /** The name of the file for this direction: {@code exec-2.output.bin}. */
    String name(String direction);

    TapeFile open(String name) throws IOException;
  }

  /** What a chunk is. */
  enum Kind {
    TEXT,
    /** The first of a payload. */
    TURNED,
    PAYLOAD
  }

  Kind pass(Bytes data) {
    if (digest != null) {
      take(digest, data);
      return Kind.PAYLOAD;
    }
    if (isText(data.array(), data.offset(), data.length())) {
      textBytes += data.length();
      return Kind.TEXT;
    }
    digest = sha256();
    openKept();
    take(digest, data);
    return Kind.TURNED;
  }

  String announcement() {
    return direction
        + " is not text from byte "
        + textBytes
        + " on: recorded as size and SHA-256"
        + (keptName == null ? "" : ", kept in " + keptName);
  }

  /** No more will come. What there is to say of the payload, if there was one. */
  Optional<String> end() {
    if (digest == null || ended) {
      return Optional.empty();
    }
    ended = true;
    checksum = incomplete ? null : HexFormat.of().formatHex(digest.digest());
    closeKept();
    return Optional.of(
        direction
            + ": "
            + payloadBytes
            + " bytes, SHA-256 "
            + (checksum == null ? "unknown" : checksum));
  }

  /** Bytes went by unseen: size and checksum would be wrong. */
  void skipped() {
    incomplete = true;
  }

  Optional<Payload> payload() {
    return ended
        ? Optional.of(new Payload(direction, textBytes, payloadBytes, checksum, keptName))
        : Optional.empty();
  }

  private void take(MessageDigest into, Bytes data) {
    into.update(data.array(), data.offset(), data.length());
    payloadBytes += data.length();
    if (kept != null) {
      try {
        kept.append(data.array(), data.offset(), data.length());
      } catch (IOException e) {
        LOG.warn("The {} of a command is no longer kept: {}", direction, e.getMessage());
        closeKept();
        keptName = null;
      }
    }
  }

  private void openKept() {
    if (keep == null) {
      return;
    }
    String name = keep.name(direction);
    try {
      kept = keep.open(name);
      keptName = name;
    } catch (IOException e) {
      LOG.warn("The {} of a command is not kept: {}", direction, e.getMessage());
    }
  }

  private void closeKept() {
    TapeFile file = kept;
    kept = null;
    if (file != null) {
      try {
        file.seal();
      } catch (IOException e) {
        LOG.warn("Kept bytes were not sealed: {}", e.getMessage());
      }
    }
  }

  static boolean isText(byte[] array, int offset, int length) {
    int odd = 0;
    int end = offset + length;
    for (int i = offset; i < end; i++) {
      i = afterPrintable(array, i, end);
      if (i == end) {
        break;
      }
      int b = array[i];
      if ((b >= ' ' && b < 0x7f) || b == '\n' || b == '\r' || b == '\t' || b == 0x1b) {
        continue;
      }
      if (b == 0) {
        return false;
      }
      if (b > 0) {
        odd += b == '\b' || b == 0x07 || b == '\f' || b == 0x0b ? 0 : 1;
        continue;
      }
      int more = following(array, offset, i, end);
      odd += more < 0 ? 1 : 0;
      i += Math.max(more, 0);
    }
    return odd * ODD_SHARE <= length;
  }

  /**
   * Where the next byte is that may not be printable ASCII; most text is, and goes by eight bytes
   * at a time.
   */
  private static int afterPrintable(byte[] array, int from, int end) {
    int at = from;
    while (at + Long.BYTES <= end) {
      long eight = (long) EIGHT.get(array, at);
      // A byte from 0x80 on has its top bit set, and one below 0x20 borrows into it.
      if (((eight | (eight - SPACES)) & TOP_BITS) != 0) {
        break;
      }
      at += Long.BYTES;
    }
    return at;
  }

  /**
   * How many bytes follow a UTF-8 lead byte, as far as they are there; -1 if it is none or they do
   * not fit.
   */
  private static int following(byte[] array, int offset, int at, int end) {
    int lead = array[at] & 0xff;
    int count = lead >= 0xf0 && lead < 0xf5 ? 3 : lead >= 0xe0 ? 2 : 1;
    // A chunk may begin in the middle of a character.
    if (lead < 0xc2 || lead >= 0xf5) {
      return lead < 0xc0 && at - offset < 3 ? 0 : -1;
    }
    int seen = 0;
    while (seen < count && at + seen + 1 < end) {
      if ((array[at + seen + 1] & 0xc0) != 0x80) {
        return -1;
      }
      seen++;
    }
    return seen;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
