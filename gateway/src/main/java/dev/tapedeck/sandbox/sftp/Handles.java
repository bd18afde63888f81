package dev.tapedeck.sandbox.sftp;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** What a client has open. */
final class Handles implements Closeable {

  /** As many as OpenSSH's server allows by its default. */
  private static final int MOST = 1000;

  /** An open file or folder. */
  sealed interface Open extends Closeable {}

  record OpenFile(Path path, FileChannel channel, boolean append) implements Open {
    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  record OpenFolder(Path path, DirectoryStream<Path> stream, Iterator<Path> names) implements Open {
    @SuppressWarnings("StreamResourceLeak") // closed with the handle
    static OpenFolder of(Path path) throws IOException {
      DirectoryStream<Path> stream = Files.newDirectoryStream(path);
      return new OpenFolder(path, stream, stream.iterator());
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  private final Map<Integer, Open> open = new HashMap<>();
  private int next;

  int add(Open handle) throws IOException, SftpFailure {
    if (open.size() >= MOST) {
      handle.close();
      throw new SftpFailure(SftpFailure.FAILURE, "more than " + MOST + " files are open");
    }
    open.put(next, handle);
    return next++;
  }

  OpenFile file(ByteBuffer handle) throws SftpFailure {
    if (open.get(number(handle)) instanceof OpenFile file) {
      return file;
    }
    throw new SftpFailure(SftpFailure.FAILURE, "no such open file");
  }

  OpenFolder folder(ByteBuffer handle) throws SftpFailure {
    if (open.get(number(handle)) instanceof OpenFolder folder) {
      return folder;
    }
    throw new SftpFailure(SftpFailure.FAILURE, "no such open folder");
  }

  void close(ByteBuffer handle) throws IOException, SftpFailure {
    Open closed = open.remove(number(handle));
    if (closed == null) {
      throw new SftpFailure(SftpFailure.FAILURE, "no such handle");
    }
    closed.close();
  }

  private static int number(ByteBuffer handle) {
    return handle.remaining() == 4 ? handle.getInt(0) : -1;
  }

  @Override
  public void close() throws IOException {
    for (Open one : open.values()) {
      one.close();
    }
    open.clear();
  }
}
