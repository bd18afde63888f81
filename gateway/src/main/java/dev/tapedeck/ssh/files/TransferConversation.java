package dev.tapedeck.ssh.files;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.Event.FileOperation;
import java.util.List;

/**
 * Two sides moving files, read as it passes.
 *
 * <p>The bytes come in any pieces and are not kept beyond the call. Nothing that a side sends makes
 * this throw: what makes no sense is told byte by byte, and at the end as one operation {@code
 * unreadable} for each side, with its size, its SHA-256 and the first reason. Not safe for use by
 * two threads at once.
 */
public interface TransferConversation {

  /** What the client sent; the operations that it completes. */
  List<FileOperation> fromClient(Bytes data);

  /** What the program answered; the operations that it completes. */
  List<FileOperation> fromServer(Bytes data);

  /**
   * What the protocol does not explain of what has passed since the last call: input from the
   * client, output from the program. To be asked after each of the other calls.
   */
  List<Event> unexplained();

  /** Nothing more will pass; what was under way, and what was unreadable. Called once. */
  List<FileOperation> end();
}
