package dev.tapedeck.ssh.files;

import dev.tapedeck.event.Event.FileOperation;
import org.jspecify.annotations.Nullable;

/** A file on its way by SCP. */
final class ScpFile {

  private final String operation;
  private final String path;
  private final String target;
  private final int mode;
  private final long size;
  private final Sha256 digest = new Sha256();
  private long moved;
  private @Nullable String error;

  ScpFile(String operation, String path, String target, int mode, long size) {
    this.operation = operation;
    this.path = path;
    this.target = target;
    this.mode = mode;
    this.size = size;
  }

  long left() {
    return size - moved;
  }

  void moved(byte[] array, int offset, int length) {
    digest.update(array, offset, length);
    moved += length;
  }

  void failed(@Nullable String why) {
    error = error == null ? why : error;
  }

  /** It was not taken, so nothing was moved. */
  FileOperation refused(@Nullable String why) {
    return new FileOperation(operation, path, target, 0, null, why, mode);
  }

  /** To be called once. */
  FileOperation done() {
    return new FileOperation(operation, path, target, moved, digest.hex(), error, mode);
  }

  /** To be called once. */
  FileOperation cutOff() {
    failed("cut off after " + moved + " of " + size + " bytes");
    return done();
  }
}
