package dev.tapedeck.ssh;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.pump.StallWatch;
import dev.tapedeck.pump.Tap;
import dev.tapedeck.sandbox.SandboxProcess.Echo;
import dev.tapedeck.session.Track;
import dev.tapedeck.ssh.files.Conversation;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * Records a file transfer: each operation when it is complete, and standard error as it is.
 *
 * <p>Both directions meet in the conversation, one at a time. Nothing is recorded while it is
 * locked: a recorder that hangs must not stop the other direction, nor the thread that takes over
 * (see {@link StallWatch}).
 */
final class TransferTap implements Tap {

  private final Object lock = new Object();
  private final Conversation conversation;
  private final Track track;
  private boolean ended;

  TransferTap(Conversation conversation, Track track) {
    this.conversation = conversation;
    this.track = track;
  }

  @Override
  public void output(Bytes data) throws IOException {
    emit(() -> conversation.fromServer(data));
  }

  @Override
  public void error(Bytes data) throws IOException {
    track.emit(new Event.ErrorOutput(data));
  }

  @Override
  public void input(Bytes data, Echo echo) throws IOException {
    emit(() -> conversation.fromClient(data));
  }

  /** Reports what was under way. What the client sends afterwards reaches no program any more. */
  @Override
  public void end() throws IOException {
    emit(() -> {
      ended = true;
      return conversation.end();
    });
  }

  private void emit(Supplier<List<Event.FileOperation>> step) throws IOException {
    List<Event.FileOperation> operations;
    synchronized (lock) {
      operations = ended ? List.of() : step.get();
    }
    for (Event.FileOperation operation : operations) {
      track.emit(operation);
    }
  }
}
