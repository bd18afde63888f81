package dev.tapedeck.pump;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.sandbox.SandboxProcess.Echo;
import dev.tapedeck.sandbox.docker.EchoInference;
import dev.tapedeck.sandbox.docker.EchoInference.Verdict;
import dev.tapedeck.session.Track;
import java.io.IOException;
import java.util.List;

/**
 * Records a shell or a command: everything, just as it passes.
 *
 * <p>Where nobody can say whether what is typed is shown, input is recorded when the output has
 * told, and hidden if it does not.
 */
public final class StreamTap implements Tap {

  private final Track track;

  /** Asked only for terminals that are not ours; both directions tell it, under its own lock. */
  private final EchoInference inference = new EchoInference();

  /**
   * Where the inference needs to know what is printed, also before anything is typed: a question.
   */
  private final boolean inferring;

  /**
   * A tap for one program.
   *
   * @param echo what its terminal says of itself at the start
   */
  public StreamTap(Track track, Echo echo) {
    this.track = track;
    this.inferring = echo == Echo.UNKNOWN;
  }

  @Override
  public void output(Bytes data) throws IOException {
    if (inferring) {
      settle(data, true);
    }
    track.emit(new Event.Output(data));
  }

  @Override
  public void error(Bytes data) throws IOException {
    track.emit(new Event.ErrorOutput(data));
  }

  @Override
  public void input(Bytes data, Echo echo) throws IOException {
    switch (echo) {
      case SHOWN -> track.emit(new Event.Input(data));
      case HIDDEN -> track.emit(new Event.HiddenInput(data.length()));
      case UNKNOWN -> settle(data, false);
    }
  }

  private void settle(Bytes data, boolean printed) throws IOException {
    List<Verdict> verdicts;
    synchronized (inference) {
      verdicts = printed ? inference.printed(data) : inference.typed(data);
    }
    emit(verdicts);
  }

  private void emit(List<Verdict> verdicts) throws IOException {
    for (Verdict verdict : verdicts) {
      track.emit(
          switch (verdict) {
            case Verdict.Shown shown -> new Event.Input(shown.keys());
            case Verdict.Hidden hidden -> new Event.HiddenInput(hidden.count());
          });
    }
  }

  @Override
  public void end() throws IOException {
    List<Verdict> left;
    synchronized (inference) {
      left = inference.silence();
    }
    emit(left);
  }
}
