package dev.tapedeck.ssh.files;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.Event.FileOperation;
import java.util.ArrayList;
import java.util.List;

/**
 * SFTP version 3 (draft-ietf-secsh-filexfer-02) with OpenSSH's extensions (PROTOCOL, section 4 of
 * its source), read as it passes.
 *
 * <pre>
 *   OPEN ----HANDLE----> open ----READ..DATA, WRITE..STATUS----> open ----CLOSE..STATUS----> read, write
 *     |                   |
 *     +--STATUS--> read or write with the server's error     +--end--> read, write, "not closed"
 *
 *   OPENDIR ----HANDLE----> open ----READDIR..NAME----> open ----CLOSE..STATUS----> list
 *
 *   REMOVE, RENAME, MKDIR, RMDIR, SETSTAT, FSETSTAT, SYMLINK,
 *   posix-rename, hardlink, lsetstat, copy-data ----STATUS----> the operation, or with its error
 *                                                    |
 *                                                    +--end--> the operation, "not answered"
 * </pre>
 *
 * <p>What a person is told:
 *
 * <ul>
 *   <li>{@code read} and {@code write}: one of each for an opened file. Read bytes count when they
 *       pass, written ones when the server says that it took them; a write that failed leaves no
 *       SHA-256, and so do holes, repetitions and a start elsewhere than at 0 (a resumed transfer).
 *   <li>{@code remove}, {@code rename}, {@code mkdir}, {@code rmdir}, {@code setstat}, {@code
 *       truncate} (a setstat that gives a size, unless it is just what was written), {@code
 *       symlink}, {@code link}, {@code copy}. The paths of a symlink are in OpenSSH's order, first
 *       what it points to (PROTOCOL, section 4.1), so that {@code target} is the new name for all
 *       of them.
 *   <li>{@code list}: a directory that was opened. What was in it is not recorded.
 *   <li>Questions are left out, answered or refused: stat, lstat, fstat, realpath, readlink,
 *       statvfs, limits, expand-path, home-directory, users-groups-by-id; and fsync, which changes
 *       nothing that can be seen.
 * </ul>
 *
 * <p>A packet that makes no sense (an unknown type, a reply to no request, data for no open handle)
 * is {@link UnparsedBytes}, and reading goes on with the next. After a length that cannot be
 * everything from that side is, and if it was the server's, or a later version than 3 was agreed,
 * from both sides.
 */
public final class SftpConversation implements TransferConversation {

  private final OpenFiles files = new OpenFiles();
  private final Unexplained unread = new Unexplained();
  private final SftpReplies replies;
  private final PacketReader client;
  private final PacketReader server;

  public SftpConversation() {
    PendingRequests pending = new PendingRequests();
    replies = new SftpReplies(pending, files, this::stop);
    client = new PacketReader(new SftpRequests(pending, files), unread.client);
    server = new PacketReader(replies, unread.server);
  }

  @Override
  public List<FileOperation> fromClient(Bytes data) {
    client.feed(data.array(), data.offset(), data.length());
    return replies.done();
  }

  @Override
  public List<FileOperation> fromServer(Bytes data) {
    server.feed(data.array(), data.offset(), data.length());
    if (server.isLost()) {
      // What the client sends would wait for its reply for ever, and its data would be lost.
      client.stop("the server's replies are unreadable");
    }
    return replies.done();
  }

  @Override
  public List<FileOperation> end() {
    client.end();
    server.end();
    List<FileOperation> operations = new ArrayList<>(replies.done());
    operations.addAll(replies.unanswered());
    operations.addAll(files.unclosed());
    operations.addAll(unread.operations(unread.client, unread.server));
    return operations;
  }

  @Override
  public List<Event> unexplained() {
    return unread.take();
  }

  /** How many bytes of both sides made sense. */
  long understood() {
    return client.understood() + server.understood();
  }

  private void stop(String why) {
    client.stop(why);
    server.stop(why);
  }
}
