package dev.tapedeck.sandbox.sftp;

import dev.tapedeck.sandbox.sftp.Handles.OpenFile;
import dev.tapedeck.sandbox.sftp.Handles.OpenFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Version 3 of SFTP: a request in, an answer out. Paths are the sandbox's own, relative ones from
 * its home; what may be done is the kernel's to say. Knows of OpenSSH's extensions those that its
 * clients use: posix-rename, hardlink, fsync.
 */
final class SftpServer implements Closeable {

  private static final int INIT = 1;
  private static final int VERSION = 2;
  private static final int STATUS = 101;
  private static final int HANDLE = 102;
  private static final int DATA = 103;
  private static final int NAME = 104;
  private static final int ATTRS = 105;

  /** The most that one read returns; clients ask for 32 to 64 KiB. */
  private static final int MAX_READ_BYTES = 128 * 1024;

  /** How many names one answer lists. */
  private static final int MAX_NAMES = 100;

  private static final int FLAG_READ = 1;
  private static final int FLAG_WRITE = 2;
  private static final int FLAG_APPEND = 4;
  private static final int FLAG_CREATE = 8;
  private static final int FLAG_TRUNCATE = 16;
  private static final int FLAG_EXCLUSIVE = 32;

  private final Path home = Path.of("").toAbsolutePath();
  private final Handles handles = new Handles();

  byte[] answer(Message request) {
    int id = 0;
    try {
      int type = request.u8();
      if (type == INIT) {
        return version();
      }
      id = request.u32();
      return perform(type, id, request);
    } catch (SftpFailure e) {
      return status(id, e.status(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      SftpFailure failure = SftpFailure.of(e);
      return status(id, failure.status(), String.valueOf(failure.getMessage()));
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return status(id, SftpFailure.FAILURE, String.valueOf(e.getMessage()));
    }
  }

  private byte[] perform(int type, int id, Message request) throws IOException, SftpFailure {
    return switch (type) {
      case 3 -> open(id, request);
      case 5 -> read(id, request);
      case 6 -> write(id, request);
      case 7 -> attributes(id, Attributes.of(path(request), LinkOption.NOFOLLOW_LINKS));
      case 8 -> attributes(id, Attributes.of(handles.file(request.bytes()).path()));
      case 11 -> handle(id, handles.add(OpenFolder.of(path(request))));
      case 12 -> list(id, request);
      case 16 -> realPath(id, request);
      case 17 -> attributes(id, Attributes.of(path(request)));
      case 19 -> name(id, Files.readSymbolicLink(path(request)).toString());
      case 200 -> extended(id, request);
      default -> {
        change(type, request);
        yield status(id, SftpFailure.OK, "");
      }
    };
  }

  /** The requests that are answered by a status alone. */
  private void change(int type, Message request) throws IOException, SftpFailure {
    switch (type) {
      case 4 -> handles.close(request.bytes());
      case 9 -> {
        Path path = path(request);
        Attributes.read(request).apply(path);
      }
      case 10 -> {
        Path path = handles.file(request.bytes()).path();
        Attributes.read(request).apply(path);
      }
      case 13 -> remove(path(request), false);
      case 14 -> makeFolder(request);
      case 15 -> remove(path(request), true);
      case 18 -> {
        Path from = path(request);
        Files.move(from, path(request));
      }
      case 20 -> {
        // OpenSSH has the two the other way round than the draft, and all clients follow it.
        Path target = Path.of(request.text());
        Files.createSymbolicLink(path(request), target);
      }
      default -> throw new SftpFailure(SftpFailure.UNSUPPORTED, "no such request: " + type);
    }
  }

  private static byte[] version() {
    return new Answer(VERSION)
        .u32(3)
        .text("posix-rename@openssh.com")
        .text("1")
        .text("hardlink@openssh.com")
        .text("1")
        .text("fsync@openssh.com")
        .text("1")
        .done();
  }

  private byte[] extended(int id, Message request) throws IOException, SftpFailure {
    switch (request.text()) {
      case "posix-rename@openssh.com" -> {
        Path from = path(request);
        Files.move(from, path(request), StandardCopyOption.ATOMIC_MOVE);
      }
      case "hardlink@openssh.com" -> {
        Path existing = path(request);
        Files.createLink(path(request), existing);
      }
      case "fsync@openssh.com" -> handles.file(request.bytes()).channel().force(true);
      default -> throw new SftpFailure(SftpFailure.UNSUPPORTED, "no such extension");
    }
    return status(id, SftpFailure.OK, "");
  }

  private byte[] open(int id, Message request) throws IOException, SftpFailure {
    Path path = path(request);
    int flags = request.u32();
    Attributes wanted = Attributes.read(request);
    boolean writes = (flags & FLAG_WRITE) != 0;
    Set<OpenOption> options = new HashSet<>();
    if ((flags & FLAG_READ) != 0 || !writes) {
      options.add(StandardOpenOption.READ);
    }
    if (writes) {
      options.add(StandardOpenOption.WRITE);
      if ((flags & FLAG_CREATE) != 0) {
        boolean exclusive = (flags & FLAG_EXCLUSIVE) != 0;
        options.add(exclusive ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
      }
      if ((flags & FLAG_TRUNCATE) != 0) {
        options.add(StandardOpenOption.TRUNCATE_EXISTING);
      }
    }
    if (Files.isDirectory(path)) {
      throw new SftpFailure(SftpFailure.FAILURE, "Is a directory");
    }
    boolean fresh = writes && Files.notExists(path);
    FileChannel channel = FileChannel.open(path, options);
    int number = handles.add(new OpenFile(path, channel, (flags & FLAG_APPEND) != 0));
    if (fresh && wanted.mode() != null) {
      new Attributes(null, null, wanted.mode(), null).apply(path);
    }
    return handle(id, number);
  }

  private byte[] read(int id, Message request) throws IOException, SftpFailure {
    OpenFile file = handles.file(request.bytes());
    long offset = request.u64();
    int length = Math.clamp(Integer.toUnsignedLong(request.u32()), 0, MAX_READ_BYTES);
    ByteBuffer data = ByteBuffer.allocate(length);
    // A short read is answered only at the end of the file: some clients take it for that.
    int n = 0;
    while (data.hasRemaining() && n >= 0) {
      n = file.channel().read(data, offset + data.position());
    }
    if (data.position() == 0) {
      throw new SftpFailure(SftpFailure.END, "End of file");
    }
    return new Answer(DATA).u32(id).bytes(data.array(), data.position()).done();
  }

  private byte[] write(int id, Message request) throws IOException, SftpFailure {
    OpenFile file = handles.file(request.bytes());
    long offset = request.u64();
    ByteBuffer data = request.bytes();
    if (file.append()) {
      offset = file.channel().size();
    }
    while (data.hasRemaining()) {
      offset += file.channel().write(data, offset);
    }
    return status(id, SftpFailure.OK, "");
  }

  private byte[] list(int id, Message request) throws IOException, SftpFailure {
    OpenFolder folder = handles.folder(request.bytes());
    List<Path> names = new ArrayList<>();
    while (names.size() < MAX_NAMES && folder.names().hasNext()) {
      names.add(folder.names().next());
    }
    if (names.isEmpty()) {
      throw new SftpFailure(SftpFailure.END, "End of folder");
    }
    Answer answer = new Answer(NAME).u32(id).u32(names.size());
    for (Path path : names) {
      String name = String.valueOf(path.getFileName());
      Attributes attributes = attributesIfThere(path);
      answer.text(name).text(attributes.listed(name));
      attributes.write(answer);
    }
    return answer.done();
  }

  private static Attributes attributesIfThere(Path path) {
    try {
      return Attributes.of(path, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException _) {
      return new Attributes(null, null, null, null); // removed while it was listed
    }
  }

  /** Also of what does not exist: clients ask for a place before they make it. */
  private byte[] realPath(int id, Message request) throws IOException, SftpFailure {
    Path path = path(request).normalize();
    return name(id, Files.exists(path) ? path.toRealPath().toString() : path.toString());
  }

  private static void remove(Path path, boolean folder) throws IOException, SftpFailure {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) != folder) {
      throw new SftpFailure(
          Files.exists(path, LinkOption.NOFOLLOW_LINKS)
              ? SftpFailure.FAILURE
              : SftpFailure.NO_SUCH_FILE,
          folder ? "Not a directory" : "Not a file");
    }
    Files.delete(path);
  }

  private void makeFolder(Message request) throws IOException, SftpFailure {
    Path path = path(request);
    Attributes wanted = Attributes.read(request);
    Files.createDirectory(path);
    if (wanted.mode() != null) {
      new Attributes(null, null, wanted.mode(), null).apply(path);
    }
  }

  private Path path(Message request) throws SftpFailure {
    return home.resolve(request.text());
  }

  private static byte[] handle(int id, int number) {
    byte[] handle = ByteBuffer.allocate(4).putInt(number).array();
    return new Answer(HANDLE).u32(id).bytes(handle, handle.length).done();
  }

  private static byte[] attributes(int id, Attributes attributes) {
    Answer answer = new Answer(ATTRS).u32(id);
    attributes.write(answer);
    return answer.done();
  }

  private static byte[] name(int id, String name) {
    Answer answer = new Answer(NAME).u32(id).u32(1).text(name).text(name);
    new Attributes(null, null, null, null).write(answer);
    return answer.done();
  }

  private static byte[] status(int id, int status, String message) {
    return new Answer(STATUS).u32(id).u32(status).text(message).text("").done();
  }

  @Override
  public void close() throws IOException {
    handles.close();
  }
}
