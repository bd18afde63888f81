package dev.tapedeck.ssh.files;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Takes the fields of a packet one after the other (draft-ietf-secsh-filexfer-02, section 3). */
final class PacketBuffer {

  private final ByteBuffer in;

  PacketBuffer(byte[] array, int offset, int length) {
    this.in = ByteBuffer.wrap(array, offset, length);
  }

  int remaining() {
    return in.remaining();
  }

  int uint8() throws UnreadableException {
    return in.get(need(1)) & 0xff;
  }

  int int32() throws UnreadableException {
    return in.getInt(need(Integer.BYTES));
  }

  long int64() throws UnreadableException {
    return in.getLong(need(Long.BYTES));
  }

  /** A string for people: a path or a message. */
  String text() throws UnreadableException {
    int length = length();
    return WireText.of(in.array(), need(length), length);
  }

  /** A string that is only compared: a handle. */
  String key() throws UnreadableException {
    int length = length();
    return new String(in.array(), need(length), length, StandardCharsets.ISO_8859_1);
  }

  void skip(int length) throws UnreadableException {
    need(length);
  }

  void skipString() throws UnreadableException {
    skip(length());
  }

  private int length() throws UnreadableException {
    return int32();
  }

  /** Takes so many bytes; where they begin. */
  private int need(int length) throws UnreadableException {
    if (length < 0 || length > in.remaining()) {
      throw new UnreadableException("a field runs past the end of its packet");
    }
    int at = in.position();
    in.position(at + length);
    return at;
  }
}
