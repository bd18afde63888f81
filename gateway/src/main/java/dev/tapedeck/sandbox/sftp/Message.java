package dev.tapedeck.sandbox.sftp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One request: its length has been read, its fields are read one after another. */
final class Message {

  /** OpenSSH's own limit, SFTP_MAX_MSG_LENGTH. */
  static final int MAX_BYTES = 256 * 1024;

  private final ByteBuffer fields;

  Message(byte[] bytes) {
    this.fields = ByteBuffer.wrap(bytes);
  }

  /** The next request, or null at the end of input. */
  static @Nullable Message read(InputStream in) throws IOException {
    byte[] length = in.readNBytes(4);
    if (length.length == 0) {
      return null;
    }
    int size = length.length < 4 ? -1 : ByteBuffer.wrap(length).getInt();
    if (size < 1 || size > MAX_BYTES) {
      throw new IOException("not SFTP: a message of " + size + " bytes");
    }
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("the input ended within a message");
    }
    return new Message(bytes);
  }

  int u8() throws SftpFailure {
    need(1);
    return fields.get() & 0xff;
  }

  int u32() throws SftpFailure {
    need(4);
    return fields.getInt();
  }

  long u64() throws SftpFailure {
    need(8);
    return fields.getLong();
  }

  ByteBuffer bytes() throws SftpFailure {
    int length = u32();
    if (length < 0) {
      throw new SftpFailure(SftpFailure.BAD_MESSAGE, "a field of negative length");
    }
    need(length);
    try {
      ByteBuffer slice = fields.slice(fields.position(), length);
      fields.position(fields.position() + length);
      return slice;
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new SftpFailure(SftpFailure.BAD_MESSAGE, String.valueOf(e.getMessage()));
    }
  }

  String text() throws SftpFailure {
    return StandardCharsets.UTF_8.decode(bytes()).toString();
  }

  private void need(int bytes) throws SftpFailure {
    if (fields.remaining() < bytes) {
      throw new SftpFailure(SftpFailure.BAD_MESSAGE, "the message is too short");
    }
  }
}
