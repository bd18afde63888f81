package dev.tapedeck.ssh.files;

import dev.tapedeck.event.Event.FileOperation;
import dev.tapedeck.ssh.files.PacketReader.Body;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The server's direction of SFTP: each reply completes what was asked for. */
final class SftpReplies implements PacketReader.Packets {

  private static final int VERSION = 2;
  private static final int STATUS = 101;
  private static final int HANDLE = 102;
  private static final int DATA = 103;
  private static final int NAME = 104;
  private static final int ATTRS = 105;
  private static final int EXTENDED_REPLY = 201;

  /** The only version that OpenSSH speaks; later ones give the packets another shape. */
  private static final int LAST_VERSION = 3;

  private static final int TYPE_BYTES = 1;
  private static final int INT_BYTES = 4;

  private final PendingRequests pending;
  private final OpenFiles files;
  private final Consumer<String> unknownVersion;
  private List<FileOperation> done = new ArrayList<>();

  /**
   * Reads replies.
   *
   * @param unknownVersion told why nothing that follows, either way, can be read
   */
  SftpReplies(PendingRequests pending, OpenFiles files, Consumer<String> unknownVersion) {
    this.pending = pending;
    this.files = files;
    this.unknownVersion = unknownVersion;
  }

  /** What has been completed since the last call. */
  List<FileOperation> done() {
    if (done.isEmpty()) {
      return List.of();
    }
    List<FileOperation> taken = done;
    done = new ArrayList<>();
    return taken;
  }

  /** Everything but data, listings and attributes. */
  @Override
  public int head(PacketBuffer soFar, int length) throws UnreadableException {
    return switch (soFar.uint8()) {
      case DATA, NAME -> TYPE_BYTES + 2 * INT_BYTES;
      case VERSION, ATTRS, EXTENDED_REPLY -> TYPE_BYTES + INT_BYTES;
      default -> length;
    };
  }

  @Override
  public Body begin(PacketBuffer packet, int length) throws UnreadableException {
    int left = length - TYPE_BYTES - INT_BYTES;
    int type = packet.uint8();
    int id = packet.int32();
    if (type == VERSION) {
      return version(id, left);
    }
    SftpRequest request = pending.take(id);
    if (request == null) {
      throw new UnreadableException("a reply to no request");
    }
    try {
      return reply(request, type, packet, left);
    } catch (UnreadableException e) {
      status(request, SftpStatus.UNREADABLE);
      throw e;
    }
  }

  private Body reply(SftpRequest request, int type, PacketBuffer packet, int left)
      throws UnreadableException {
    switch (type) {
      case STATUS -> status(request, SftpStatus.take(packet));
      case HANDLE -> handle(request, packet.key());
      case DATA -> {
        return data(request, packet.int32(), left - INT_BYTES);
      }
      case NAME -> {
        return names(request, packet, left - INT_BYTES);
      }
      case ATTRS, EXTENDED_REPLY -> {
        return answer(request, left);
      }
      default -> throw new UnreadableException("a reply of type " + type);
    }
    return Body.NONE;
  }

  private Body version(int version, int left) {
    if (version > LAST_VERSION) {
      unknownVersion.accept(
          "SFTP version " + version + " was agreed, and only " + LAST_VERSION + " is known");
    }
    return Body.skipped(left);
  }

  private void status(SftpRequest request, SftpStatus status) {
    @Nullable String error = status.error();
    switch (request) {
      case SftpRequest.Open open -> done.add(failed(open, error == null ? "no handle" : error));
      case SftpRequest.OpenDirectory open ->
          done.add(failed(open, error == null ? "no handle" : error));
      case SftpRequest.Close(String handle) -> closed(handle, error);
      case SftpRequest.Read(String handle, _) -> readEnded(handle, status);
      case SftpRequest.ReadDirectory(String handle) -> readEnded(handle, status);
      case SftpRequest.Write write -> written(write, error);
      case SftpRequest.Change change -> done.add(operation(change, error));
      case SftpRequest.HandleChange change -> changed(change, error);
      case SftpRequest.Copy copy -> copied(copy, error);
      case SftpRequest.Query _, SftpRequest.Unknown _ -> {
        // Questions are not recorded, nor is what a server does not know.
      }
    }
  }

  private void handle(SftpRequest request, String handle) throws UnreadableException {
    OpenFile file =
        switch (request) {
          case SftpRequest.Open open -> OpenFile.file(open, files.window());
          case SftpRequest.OpenDirectory open -> OpenFile.directory(open.path(), files.window());
          case SftpRequest.Close _,
              SftpRequest.Read _,
              SftpRequest.ReadDirectory _,
              SftpRequest.Write _,
              SftpRequest.Change _,
              SftpRequest.HandleChange _,
              SftpRequest.Copy _,
              SftpRequest.Query _,
              SftpRequest.Unknown _ ->
              throw wrongReply(request);
        };
    done.addAll(files.opened(handle, file));
  }

  private Body data(SftpRequest request, int bytes, int room) throws UnreadableException {
    if (!(request instanceof SftpRequest.Read(String handle, long offset))) {
      throw wrongReply(request);
    }
    if (bytes < 0 || bytes > room) {
      throw new UnreadableException("a field runs past the end of its packet");
    }
    OpenFile file = files.get(handle);
    if (file == null) {
      throw new UnreadableException("data of a handle that is not open");
    }
    return new Body(
        bytes,
        new PacketReader.Sink() {
          private long at = offset;

          @Override
          public void accept(byte[] array, int from, int count) {
            file.read(at, array, from, count);
            at += count;
          }
        });
  }

  private Body names(SftpRequest request, PacketBuffer packet, int left)
      throws UnreadableException {
    packet.int32();
    return answer(request, left);
  }

  private Body answer(SftpRequest request, int left) throws UnreadableException {
    if (request instanceof SftpRequest.Query || request instanceof SftpRequest.ReadDirectory) {
      return Body.skipped(left);
    }
    throw wrongReply(request);
  }

  private void closed(String handle, @Nullable String error) {
    OpenFile file = files.closed(handle);
    if (file != null) {
      if (error != null) {
        file.failed(error);
      }
      done.addAll(file.operations());
    }
  }

  private void readEnded(String handle, SftpStatus status) {
    OpenFile file = files.get(handle);
    String error = status.error();
    if (file != null && error != null && !status.endOfFile()) {
      file.failed(error);
    }
  }

  /**
   * Bytes count as written when the server says so. The digest was made when they passed, so it
   * holds only if all of them were written, and to the file that the handle stood for.
   */
  private void written(SftpRequest.Write write, @Nullable String error) {
    OpenFile file = files.get(write.handle());
    if (file == null) {
      return;
    }
    if (error == null) {
      file.written(write.bytes());
    } else {
      file.failed(error);
    }
    if (error != null || file != write.file()) {
      file.spoil();
    }
  }

  /**
   * OpenSSH's scp opens without truncating and cuts the file at the end of what it wrote: that is
   * part of the write.
   */
  private void changed(SftpRequest.HandleChange change, @Nullable String error) {
    OpenFile file = files.get(change.handle());
    SftpAttributes asked = change.attributes();
    Long size = asked.mode() == null ? asked.size() : null;
    if (error != null || size == null || file == null || !file.endsAt(size)) {
      done.add(operation(change, error));
    }
  }

  private void copied(SftpRequest.Copy copy, @Nullable String error) {
    done.add(
        new FileOperation("copy", files.path(copy.from()), files.path(copy.to()), 0, null, error));
    OpenFile to = files.get(copy.to());
    if (to != null) {
      to.spoil();
    }
  }

  /** What was asked for and never answered: it may have been done all the same. */
  List<FileOperation> unanswered() {
    String error = "not answered";
    List<FileOperation> operations = new ArrayList<>();
    for (SftpRequest request : pending.left()) {
      switch (request) {
        case SftpRequest.Open open -> operations.add(failed(open, error));
        case SftpRequest.OpenDirectory open -> operations.add(failed(open, error));
        case SftpRequest.Change change -> operations.add(operation(change, error));
        case SftpRequest.HandleChange change -> operations.add(operation(change, error));
        case SftpRequest.Copy(String from, String to) ->
            operations.add(
                new FileOperation("copy", files.path(from), files.path(to), 0, null, error));
        case SftpRequest.Close _,
            SftpRequest.Read _,
            SftpRequest.ReadDirectory _,
            SftpRequest.Write _,
            SftpRequest.Query _,
            SftpRequest.Unknown _ -> {
          // The files themselves are reported as not closed.
        }
      }
    }
    return operations;
  }

  private static FileOperation failed(SftpRequest.Open open, String error) {
    String operation = open.writing() ? "write" : "read";
    return new FileOperation(operation, open.path(), null, 0, null, error, open.mode());
  }

  private static FileOperation failed(SftpRequest.OpenDirectory open, String error) {
    return new FileOperation("list", open.path(), null, 0, null, error);
  }

  private static FileOperation operation(SftpRequest.Change change, @Nullable String error) {
    return new FileOperation(
        change.operation(), change.path(), change.target(), 0, null, error, change.mode());
  }

  private FileOperation operation(SftpRequest.HandleChange change, @Nullable String error) {
    SftpAttributes asked = change.attributes();
    return new FileOperation(
        asked.operation(), files.path(change.handle()), null, 0, null, error, asked.mode());
  }

  private static UnreadableException wrongReply(SftpRequest request) {
    return new UnreadableException(
        "not the reply to " + request.getClass().getSimpleName().toLowerCase(Locale.ROOT));
  }
}
