package dev.tapedeck.formats.coding;

import java.util.zip.CRC32;
import java.util.zip.Inflater;

/**
 * gzip (RFC 1952), any number of members.
 *
 * <pre>
 *   FIXED ──▶ EXTRA_LENGTH ──▶ EXTRA ──▶ NAME ──▶ COMMENT ──▶ HEADER_CHECK ──▶ DATA ──▶ TRAILER ─┐
 *     ▲      (each only if its flag is set)                                                      │
 *     └──────────────────────────── another member, or the end ◀─────────────────────────────────┘
 * </pre>
 */
final class GzipStage implements Stage {

  private enum Part {
    FIXED,
    EXTRA_LENGTH,
    EXTRA,
    NAME,
    COMMENT,
    HEADER_CHECK,
    DATA,
    TRAILER
  }

  private static final int FIXED_BYTES = 10;
  private static final int TRAILER_BYTES = 8;
  private static final int HAS_HEADER_CHECK = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int RESERVED_FLAGS = 0xe0;

  private final Inflating inflating;
  private final CRC32 check = new CRC32();
  private final byte[] held = new byte[FIXED_BYTES];
  private int heldCount;
  private Part part = Part.FIXED;
  private int flags;
  private int extraLeft;
  private long size;
  private boolean anyMember;

  GzipStage(Output output) {
    inflating =
        new Inflating(
            new Inflater(true),
            new Output(
                (bytes, offset, length) -> {
                  check.update(bytes, offset, length);
                  size += length;
                  output.write(bytes, offset, length);
                },
                Long.MAX_VALUE));
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) throws DecodeException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (part == Part.DATA) {
        at = inflating.feed(bytes, at, end);
        if (inflating.ended()) {
          next(Part.TRAILER);
        }
      } else if (part == Part.EXTRA) {
        int skipped = Math.min(extraLeft, end - at);
        at += skipped;
        extraLeft -= skipped;
        if (extraLeft == 0) {
          afterExtra();
        }
      } else {
        header(bytes[at++]);
      }
    }
  }

  private void header(byte next) throws DecodeException {
    switch (part) {
      case FIXED -> {
        held[heldCount++] = next;
        fixed();
      }
      case EXTRA_LENGTH -> {
        held[heldCount++] = next;
        if (heldCount == 2) {
          extraLeft = (held[0] & 0xff) | (held[1] & 0xff) << 8;
          next(Part.EXTRA);
          if (extraLeft == 0) {
            afterExtra();
          }
        }
      }
      case NAME -> {
        if (next == 0) {
          afterName();
        }
      }
      case COMMENT -> {
        if (next == 0) {
          afterComment();
        }
      }
      case HEADER_CHECK -> {
        // Sixteen bits over the header, which no sender is known to set; the data has its own.
        if (++heldCount == 2) {
          next(Part.DATA);
        }
      }
      case TRAILER -> {
        held[heldCount++] = next;
        if (heldCount == TRAILER_BYTES) {
          trailer();
        }
      }
      case EXTRA, DATA -> throw new IllegalStateException("not of single bytes: " + part);
    }
  }

  private void fixed() throws DecodeException {
    boolean magic = (held[0] & 0xff) == 0x1f && (heldCount < 2 || (held[1] & 0xff) == 0x8b);
    if (!magic) {
      throw DecodeException.corrupt(
          anyMember ? "bytes follow the end of the gzip data" : "does not begin as gzip data does");
    }
    if (heldCount < FIXED_BYTES) {
      return;
    }
    flags = held[3] & 0xff;
    if (held[2] != 8 || (flags & RESERVED_FLAGS) != 0) {
      throw DecodeException.corrupt("a gzip header with method " + held[2] + " and flags " + flags);
    }
    if ((flags & HAS_EXTRA) != 0) {
      next(Part.EXTRA_LENGTH);
    } else {
      afterExtra();
    }
  }

  private void afterExtra() {
    if ((flags & HAS_NAME) != 0) {
      next(Part.NAME);
    } else {
      afterName();
    }
  }

  private void afterName() {
    if ((flags & HAS_COMMENT) != 0) {
      next(Part.COMMENT);
    } else {
      afterComment();
    }
  }

  private void afterComment() {
    next((flags & HAS_HEADER_CHECK) != 0 ? Part.HEADER_CHECK : Part.DATA);
  }

  private void next(Part next) {
    part = next;
    heldCount = 0;
  }

  private void trailer() throws DecodeException {
    if (word(0) != (int) check.getValue()) {
      throw DecodeException.corrupt("the checksum of the gzip data does not match");
    }
    if (word(4) != (int) size) {
      throw DecodeException.corrupt("the length of the gzip data does not match");
    }
    check.reset();
    size = 0;
    inflating.reset();
    anyMember = true;
    next(Part.FIXED);
  }

  private int word(int at) {
    return (held[at] & 0xff)
        | (held[at + 1] & 0xff) << 8
        | (held[at + 2] & 0xff) << 16
        | (held[at + 3] & 0xff) << 24;
  }

  @Override
  public void finish() throws DecodeException {
    if (part != Part.FIXED || heldCount > 0) {
      throw DecodeException.truncated(
          switch (part) {
            case FIXED, EXTRA_LENGTH, EXTRA, NAME, COMMENT, HEADER_CHECK ->
                "ends inside a gzip header";
            case DATA -> "ends inside gzip data";
            case TRAILER -> "ends before the checksum of the gzip data";
          });
    }
  }

  @Override
  public void close() {
    inflating.close();
  }
}
