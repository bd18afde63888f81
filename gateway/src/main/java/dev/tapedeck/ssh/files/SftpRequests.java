package dev.tapedeck.ssh.files;

import dev.tapedeck.ssh.files.PacketReader.Body;

/**
 * The client's direction of SFTP: what it asks for waits until it is answered.
 *
 * <p>This reads at least what OpenSSH's server would carry out: no INIT is needed, ids may repeat,
 * and what follows the fields of a packet does no harm (it is {@link UnparsedBytes}).
 */
final class SftpRequests implements PacketReader.Packets {

  private static final int INIT = 1;
  private static final int OPEN = 3;
  private static final int CLOSE = 4;
  private static final int READ = 5;
  private static final int WRITE = 6;
  private static final int LSTAT = 7;
  private static final int FSTAT = 8;
  private static final int SETSTAT = 9;
  private static final int FSETSTAT = 10;
  private static final int OPENDIR = 11;
  private static final int READDIR = 12;
  private static final int REMOVE = 13;
  private static final int MKDIR = 14;
  private static final int RMDIR = 15;
  private static final int REALPATH = 16;
  private static final int STAT = 17;
  private static final int RENAME = 18;
  private static final int READLINK = 19;
  private static final int SYMLINK = 20;
  private static final int EXTENDED = 200;

  /** SSH_FXF_WRITE, APPEND, CREAT and TRUNC: who asks for one of them wants to change the file. */
  private static final int WRITING_FLAGS = 0x02 | 0x04 | 0x08 | 0x10;

  /** Handles are not longer (draft-ietf-secsh-filexfer-02, section 6.3). */
  private static final int MAX_HANDLE_BYTES = 256;

  private static final int TYPE_BYTES = 1;
  private static final int ID_BYTES = 4;
  private static final int STRING_LENGTH_BYTES = 4;
  private static final int OFFSET_BYTES = 8;

  private final PendingRequests pending;
  private final OpenFiles files;

  SftpRequests(PendingRequests pending, OpenFiles files) {
    this.pending = pending;
    this.files = files;
  }

  /** All of it, but of a WRITE only what comes before the data. */
  @Override
  public int head(PacketBuffer soFar, int length) throws UnreadableException {
    int toHandle = TYPE_BYTES + ID_BYTES + STRING_LENGTH_BYTES;
    int there = soFar.remaining();
    if (soFar.uint8() != WRITE) {
      return length;
    }
    if (there < toHandle) {
      return toHandle;
    }
    soFar.skip(ID_BYTES);
    int handle = soFar.int32();
    if (handle < 0 || handle > MAX_HANDLE_BYTES) {
      throw new UnreadableException("a handle of " + Integer.toUnsignedString(handle) + " bytes");
    }
    return toHandle + handle + OFFSET_BYTES + STRING_LENGTH_BYTES;
  }

  @Override
  public Body begin(PacketBuffer packet, int length) throws UnreadableException {
    int type = packet.uint8();
    int id = packet.int32();
    if (type == INIT) {
      // No id but the version; then what the client can do beyond it.
      packet.skip(packet.remaining());
      return Body.NONE;
    }
    if (type == WRITE) {
      return write(id, packet, length);
    }
    SftpRequest request = request(type, packet);
    pending.add(id, request);
    if (request instanceof SftpRequest.Close(String handle)) {
      files.closing(handle);
    }
    if (request instanceof SftpRequest.Unknown) {
      throw new UnreadableException("an extension that is not known");
    }
    return Body.NONE;
  }

  private SftpRequest request(int type, PacketBuffer packet) throws UnreadableException {
    return switch (type) {
      case OPEN -> open(packet);
      case CLOSE -> new SftpRequest.Close(packet.key());
      case READ -> read(packet);
      case OPENDIR -> new SftpRequest.OpenDirectory(packet.text());
      case READDIR -> new SftpRequest.ReadDirectory(packet.key());
      case SETSTAT -> setStat(packet);
      case FSETSTAT -> setStatOfHandle(packet);
      case REMOVE -> change("remove", packet);
      case RMDIR -> change("rmdir", packet);
      case MKDIR -> makeDirectory(packet);
      case RENAME -> changeOfTwo("rename", packet);
      case SYMLINK -> changeOfTwo("symlink", packet);
      case LSTAT, FSTAT, REALPATH, STAT, READLINK -> query(packet, 1);
      case EXTENDED -> extended(packet);
      default -> throw new UnreadableException("a request of type " + type);
    };
  }

  private static SftpRequest extended(PacketBuffer packet) throws UnreadableException {
    return switch (packet.text()) {
      case "posix-rename@openssh.com" -> changeOfTwo("rename", packet);
      case "hardlink@openssh.com" -> changeOfTwo("link", packet);
      case "lsetstat@openssh.com" -> setStat(packet);
      case "copy-data" -> copy(packet);
      case "limits@openssh.com" -> query(packet, 0);
      case "statvfs@openssh.com",
          "fstatvfs@openssh.com",
          "fsync@openssh.com",
          "expand-path@openssh.com",
          "home-directory" ->
          query(packet, 1);
      case "users-groups-by-id@openssh.com" -> query(packet, 2);
      default -> new SftpRequest.Unknown();
    };
  }

  private Body write(int id, PacketBuffer packet, int length) throws UnreadableException {
    String handle = packet.key();
    long offset = packet.int64();
    int bytes = packet.int32();
    int room =
        length
            - TYPE_BYTES
            - ID_BYTES
            - STRING_LENGTH_BYTES
            - handle.length()
            - OFFSET_BYTES
            - STRING_LENGTH_BYTES;
    if (bytes < 0 || bytes > room) {
      throw new UnreadableException("a field runs past the end of its packet");
    }
    OpenFile file = files.writable(handle);
    pending.add(id, new SftpRequest.Write(handle, bytes, file));
    if (file == null) {
      throw new UnreadableException("data for a handle that is not open");
    }
    return new Body(
        bytes,
        new PacketReader.Sink() {
          private long at = offset;

          @Override
          public void accept(byte[] array, int from, int count) {
            file.sent(at, array, from, count);
            at += count;
          }
        });
  }

  private static SftpRequest open(PacketBuffer packet) throws UnreadableException {
    String path = packet.text();
    int flags = packet.int32();
    SftpAttributes attributes = SftpAttributes.take(packet);
    return new SftpRequest.Open(path, (flags & WRITING_FLAGS) != 0, attributes.mode());
  }

  private static SftpRequest read(PacketBuffer packet) throws UnreadableException {
    SftpRequest.Read read = new SftpRequest.Read(packet.key(), packet.int64());
    packet.int32();
    return read;
  }

  private static SftpRequest makeDirectory(PacketBuffer packet) throws UnreadableException {
    String path = packet.text();
    return new SftpRequest.Change("mkdir", path, null, SftpAttributes.take(packet).mode());
  }

  private static SftpRequest setStat(PacketBuffer packet) throws UnreadableException {
    String path = packet.text();
    SftpAttributes attributes = SftpAttributes.take(packet);
    return new SftpRequest.Change(attributes.operation(), path, null, attributes.mode());
  }

  private static SftpRequest setStatOfHandle(PacketBuffer packet) throws UnreadableException {
    return new SftpRequest.HandleChange(packet.key(), SftpAttributes.take(packet));
  }

  private static SftpRequest change(String operation, PacketBuffer packet)
      throws UnreadableException {
    return new SftpRequest.Change(operation, packet.text(), null, null);
  }

  private static SftpRequest changeOfTwo(String operation, PacketBuffer packet)
      throws UnreadableException {
    return new SftpRequest.Change(operation, packet.text(), packet.text(), null);
  }

  private static SftpRequest copy(PacketBuffer packet) throws UnreadableException {
    String from = packet.key();
    packet.skip(2 * Long.BYTES);
    String to = packet.key();
    packet.skip(Long.BYTES);
    return new SftpRequest.Copy(from, to);
  }

  private static SftpRequest query(PacketBuffer packet, int strings) throws UnreadableException {
    for (int i = 0; i < strings; i++) {
      packet.skipString();
    }
    return new SftpRequest.Query();
  }
}
