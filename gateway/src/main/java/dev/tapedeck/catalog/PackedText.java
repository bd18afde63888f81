package dev.tapedeck.catalog;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Texts as they lie in the catalog: deflated where that makes them smaller. For one thread. */
final class PackedText implements Closeable {

  private static final byte PLAIN = 0;

  /** Followed by how many bytes there were, as four bytes, and the deflated ones. */
  private static final byte DEFLATED = 1;

  private static final int HEAD = 5;

  /** Of less nothing is saved. */
  private static final int MIN_DEFLATED = 64;

  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final Inflater inflater = new Inflater(true);

  byte[] pack(String text) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    byte[] packed = new byte[plain.length + 1];
    if (plain.length >= MIN_DEFLATED) {
      deflater.reset();
      deflater.setInput(plain);
      deflater.finish();
      int length = deflater.deflate(packed, HEAD, packed.length - HEAD);
      if (deflater.finished()) {
        ByteBuffer.wrap(packed).put(DEFLATED).putInt(plain.length);
        return Arrays.copyOf(packed, HEAD + length);
      }
    }
    packed[0] = PLAIN;
    System.arraycopy(plain, 0, packed, 1, plain.length);
    return packed;
  }

  /** The text; what is damaged is empty. */
  String unpack(byte[] packed) {
    if (packed.length == 0 || packed[0] == PLAIN) {
      return packed.length == 0
          ? ""
          : new String(packed, 1, packed.length - 1, StandardCharsets.UTF_8);
    }
    try {
      byte[] plain = new byte[ByteBuffer.wrap(packed).getInt(1)];
      inflater.reset();
      inflater.setInput(packed, HEAD, packed.length - HEAD);
      int length = inflater.inflate(plain);
      return new String(plain, 0, length, StandardCharsets.UTF_8);
    } catch (DataFormatException | IndexOutOfBoundsException damaged) {
      return "";
    }
  }

  @Override
  public void close() {
    deflater.end();
    inflater.end();
  }
}
