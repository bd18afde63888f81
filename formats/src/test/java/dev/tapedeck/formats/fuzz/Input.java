package dev.tapedeck.formats.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a fuzzer gave, taken apart: choices from its beginning, the rest as bytes to read.
 *
 * <p>A fuzz target is a class {@code SomethingFuzz} with a method {@code
 * fuzzerTestOneInput(byte[])} that throws if something does not hold. Jazzer calls it ({@code
 * .ci/fuzz}); the build calls it with what is kept in {@code src/test/fuzz/SomethingFuzz}.
 */
public final class Input {

  private final byte[] bytes;
  private int at;

  /** All of an input. */
  public Input(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  /** The next byte as a number below {@code limit}; 0 at the end. */
  public int choice(int limit) {
    return at == bytes.length ? 0 : (bytes[at++] & 0xFF) % limit;
  }

  /** One of the values. */
  public <T> T choice(T[] values) {
    return values[choice(values.length)];
  }

  /** At most so many bytes. */
  public byte[] take(int most) {
    int end = Math.min(bytes.length, at + most);
    byte[] taken = Arrays.copyOfRange(bytes, at, end);
    at = end;
    return taken;
  }

  /** All that is left. */
  public byte[] rest() {
    return take(bytes.length);
  }

  /** Whether everything was taken. */
  public boolean isEmpty() {
    return at == bytes.length;
  }

  /** All that is left, cut into pieces of {@code size} bytes. */
  public List<byte[]> pieces(int size) {
    List<byte[]> pieces = new ArrayList<>();
    while (!isEmpty()) {
      pieces.add(take(size));
    }
    return pieces;
  }

  /** Fails unless it holds. */
  public static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  /** Fails unless both are equal. */
  public static void same(Object one, Object other, String what) {
    if (!one.equals(other)) {
      throw new AssertionError(what + ": " + one + " and " + other);
    }
  }
}
