package dev.tapedeck.ssh;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.Event.FileOperation;
import dev.tapedeck.pump.StallWatch;
import dev.tapedeck.pump.Tap;
import dev.tapedeck.sandbox.SandboxProcess.Echo;
import dev.tapedeck.session.Track;
import dev.tapedeck.ssh.files.TransferConversation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Records a file transfer: each operation when it is complete, standard error as it is, and so what
 * the protocol does not explain.
 *
 * <p>Both directions meet in the conversation, one at a time. Nothing is recorded while it is
 * locked: a recorder that hangs must not stop the other direction, nor the thread that takes over
 * (see {@link StallWatch}).
 */
final class TransferTap implements Tap {

  /** How long one direction waits for what the other records; then its turn comes first. */
  private static final long PATIENCE_MILLIS = 250;

  private final Object lock = new Object();
  private final ReentrantLock order = new ReentrantLock();

  /** Who has the order's lock has not come back for long: nobody waits until it does. */
  private volatile boolean hanging;

  private final TransferConversation conversation;
  private final Track track;
  private boolean ended;

  TransferTap(TransferConversation conversation, Track track) {
    this.conversation = conversation;
    this.track = track;
  }

  @Override
  public void output(Bytes data) throws IOException {
    pass(() -> conversation.fromServer(data));
  }

  @Override
  public void error(Bytes data) throws IOException {
    track.emit(new Event.ErrorOutput(data));
  }

  @Override
  public void input(Bytes data, Echo echo) throws IOException {
    pass(() -> conversation.fromClient(data));
  }

  /** Reports what was under way. What the client sends afterwards reaches no program any more. */
  @Override
  public void end() throws IOException {
    pass(() -> {
      List<FileOperation> last = conversation.end();
      ended = true;
      return last;
    });
  }

  /**
   * One direction may complete what the other began, and tell the bytes that it held back: so
   * events are emitted in the order in which they were made, unless a recorder hangs.
   */
  private void pass(Supplier<List<FileOperation>> step) throws IOException {
    boolean mine = inOrder();
    try {
      for (Event event : events(step)) {
        track.emit(event);
      }
    } finally {
      if (mine) {
        hanging = false;
        order.unlock();
      }
    }
  }

  private boolean inOrder() {
    try {
      boolean mine = hanging ? order.tryLock() : order.tryLock(PATIENCE_MILLIS, MILLISECONDS);
      hanging = !mine;
      return mine;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private List<Event> events(Supplier<List<FileOperation>> step) {
    synchronized (lock) {
      if (ended) {
        return List.of();
      }
      List<FileOperation> operations = step.get();
      List<Event> unexplained = conversation.unexplained();
      if (operations.isEmpty()) {
        return unexplained;
      }
      List<Event> events = new ArrayList<>(operations);
      events.addAll(unexplained);
      return events;
    }
  }
}
