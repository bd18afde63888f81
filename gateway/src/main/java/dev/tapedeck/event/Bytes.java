package dev.tapedeck.event;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A view of bytes in somebody's buffer.
 *
 * <p>The gateways' pumps reuse their buffers: a view that comes with a {@link Frame} is valid until
 * the call that it came with returns. Whoever keeps it longer takes a {@link #copy}.
 */
public final class Bytes {

  private final byte[] array;
  private final int offset;
  private final int length;

  private Bytes(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /**
   * A view of {@code length} bytes of {@code array} from {@code offset}.
   *
   * @throws IndexOutOfBoundsException if they do not lie in the array
   */
  public static Bytes view(byte[] array, int offset, int length) {
    if ((offset | length) < 0 || length > array.length - offset) {
      throw new IndexOutOfBoundsException(
          offset + "+" + length + " lies outside of " + array.length + " bytes");
    }
    return new Bytes(array, offset, length);
  }

  /** A view of the whole array. */
  public static Bytes of(byte[] array) {
    return new Bytes(array, 0, array.length);
  }

  /** The text in UTF-8. */
  public static Bytes of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The buffer that holds them; only {@link #offset} to {@code offset + length} is this view's. */
  public byte[] array() {
    return array;
  }

  public int offset() {
    return offset;
  }

  public int length() {
    return length;
  }

  /** The same bytes in a buffer of their own. */
  public Bytes copy() {
    return of(toArray());
  }

  public byte[] toArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /** The bytes as UTF-8, malformed ones replaced. */
  public String text() {
    return new String(array, offset, length, StandardCharsets.UTF_8);
  }

  /** The bytes as UTF-8; empty if they are not. */
  public Optional<String> utf8() {
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(array, offset, length))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** Whether there is this one among them. */
  public boolean holds(int wanted) {
    for (int i = offset; i < offset + length; i++) {
      if (array[i] == (byte) wanted) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that
        && Arrays.equals(
            array, offset, offset + length, that.array, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  /** How many there are; never the bytes themselves, which may be secret. */
  @Override
  public String toString() {
    return length + " bytes";
  }
}
