package dev.tapedeck.ssh.socket;

import java.nio.ByteBuffer;
import org.apache.sshd.common.io.AbstractIoWriteFuture;

/** Bytes on their way to a client, and the promise to say when they have been handed over. */
final class PendingWrite extends AbstractIoWriteFuture {

  private final ByteBuffer bytes;

  PendingWrite(Object id, ByteBuffer bytes) {
    super(id, null);
    this.bytes = bytes;
  }

  ByteBuffer bytes() {
    return bytes;
  }

  void written() {
    setValue(true);
  }

  void failed(Throwable why) {
    setValue(why);
  }
}
