package dev.tapedeck.ssh.files;

import dev.tapedeck.event.Event.FileOperation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file or directory that is open, and what was moved to and from it so far. */
final class OpenFile {

  private final String path;
  private final boolean directory;
  private final boolean writing;
  private final @Nullable Integer mode;
  private final OrderedDigest readDigest;
  private final OrderedDigest writeDigest;
  private long read;
  private long sent;
  private long written;
  private boolean closing;
  private @Nullable String error;

  private OpenFile(
      String path,
      boolean directory,
      boolean writing,
      @Nullable Integer mode,
      OrderedDigest.Window window) {
    this.path = path;
    this.directory = directory;
    this.writing = writing;
    this.mode = mode;
    this.readDigest = new OrderedDigest(window);
    this.writeDigest = new OrderedDigest(window);
  }

  static OpenFile file(SftpRequest.Open open, OrderedDigest.Window window) {
    return new OpenFile(open.path(), false, open.writing(), open.mode(), window);
  }

  static OpenFile directory(String path, OrderedDigest.Window window) {
    return new OpenFile(path, true, false, null, window);
  }

  String path() {
    return path;
  }

  /** The client has asked to close it. */
  void closing() {
    closing = true;
  }

  boolean isClosing() {
    return closing;
  }

  /** Data that passed to the client. */
  void read(long at, byte[] array, int offset, int length) {
    readDigest.add(at, array, offset, length);
    read += length;
  }

  /** Data that passed to the server, which has not said yet what became of it. */
  void sent(long at, byte[] array, int offset, int length) {
    writeDigest.add(at, array, offset, length);
    sent += length;
  }

  /** The server took so much. */
  void written(int bytes) {
    written += bytes;
  }

  /** Whether that is just as much as was written from the beginning on, all in its place. */
  boolean endsAt(long size) {
    return written == size && writeDigest.isWhole(size);
  }

  /** What was written is not what the file holds. */
  void spoil() {
    writeDigest.spoil();
  }

  void failed(String why) {
    error = error == null ? why : error;
  }

  /** What was done with it, at its end. To be called once. */
  List<FileOperation> operations() {
    if (directory) {
      return List.of(new FileOperation("list", path, null, 0, null, error));
    }
    List<FileOperation> operations = new ArrayList<>(2);
    boolean wrote = writing || sent > 0 || written > 0;
    if (read > 0 || !wrote) {
      operations.add(
          new FileOperation("read", path, null, read, readDigest.hex(read), wrote ? null : error));
    }
    if (wrote) {
      operations.add(
          new FileOperation("write", path, null, written, writeDigest.hex(written), error, mode));
    }
    return operations;
  }

  /** The same, where it was never closed. */
  List<FileOperation> unclosed() {
    failed(
        sent > written
            ? "not closed; " + (sent - written) + " more bytes were sent but not acknowledged"
            : "not closed");
    return operations();
  }
}
