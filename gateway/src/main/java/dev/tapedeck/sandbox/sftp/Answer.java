package dev.tapedeck.sandbox.sftp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One answer, built field by field; {@link #done} puts its length before it. */
final class Answer {

  private ByteBuffer bytes = ByteBuffer.allocate(256);

  Answer(int type) {
    bytes.putInt(0).put((byte) type);
  }

  Answer u32(int value) {
    room(4).putInt(value);
    return this;
  }

  Answer u64(long value) {
    room(8).putLong(value);
    return this;
  }

  Answer text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    return bytes(encoded, encoded.length);
  }

  Answer bytes(byte[] value, int length) {
    u32(length);
    room(length).put(value, 0, length);
    return this;
  }

  byte[] done() {
    bytes.putInt(0, bytes.position() - 4);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      int size = Math.max(bytes.capacity() * 2, bytes.position() + more);
      bytes = ByteBuffer.allocate(size).put(bytes.flip());
    }
    return bytes;
  }
}
