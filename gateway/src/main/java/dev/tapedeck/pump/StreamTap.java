package dev.tapedeck.pump;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.pump.EchoInference.Verdict;
import dev.tapedeck.sandbox.SandboxProcess.Echo;
import dev.tapedeck.session.Track;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Records a shell or a command: everything, just as it passes, but what answers a question for a
 * secret.
 *
 * <p>On a terminal, that is all that is typed while a line is read that is not shown, unless it is
 * for a silent shell of TRAMP's; and where programs handle keys themselves, the answer to a line
 * that names a secret. Where nobody can say whether what is typed is shown, input is recorded when
 * the output has told, and hidden if it does not.
 */
public final class StreamTap implements Tap {

  private final Track track;

  /** Asked only for terminals that are not ours; both directions tell it, under its own lock. */
  private final EchoInference inference = new EchoInference();

  /** Asked for our own terminals, under its own lock. */
  private final Asking asking = new Asking();

  /**
   * Where the inference needs to know what is printed, also before anything is typed: a question.
   */
  private final boolean inferring;

  private final boolean terminal;

  /**
   * A tap for one program.
   *
   * @param echo what its terminal says of itself at the start
   * @param terminal whether it has one
   */
  public StreamTap(Track track, Echo echo, boolean terminal) {
    this.track = track;
    this.inferring = echo == Echo.UNKNOWN;
    this.terminal = terminal;
  }

  @Override
  public void output(Bytes data) throws IOException {
    if (inferring) {
      settle(data, true);
    } else if (terminal) {
      synchronized (asking) {
        asking.printed(data);
      }
    }
    track.emit(new Event.Output(data));
  }

  @Override
  public void error(Bytes data) throws IOException {
    track.emit(new Event.ErrorOutput(data));
  }

  @Override
  public void input(Bytes data, Echo echo) throws IOException {
    if (echo == Echo.UNKNOWN) {
      settle(data, false);
    } else if (!terminal) {
      track.emit(new Event.Input(data));
    } else {
      List<Event> events;
      synchronized (asking) {
        events = judged(data, echo == Echo.HIDDEN);
      }
      for (Event event : events) {
        track.emit(event);
      }
    }
  }

  /** What is typed, line by line: an answer ends with its line. */
  private List<Event> judged(Bytes data, boolean silent) {
    if (silent && asking.ofTramp()) {
      // Of several lines in one piece, too: TRAMP defines functions so.
      if (endsLine(data.array()[data.offset() + data.length() - 1])) {
        asking.ended();
      }
      return List.of(new Event.Input(data));
    }
    List<Event> events = new ArrayList<>();
    int end = data.offset() + data.length();
    int from = data.offset();
    boolean hidden = silent || asking.asks();
    for (int at = from; at < end; at++) {
      boolean over = endsLine(data.array()[at]);
      if (!over) {
        asking.typed();
        continue;
      }
      asking.ended();
      if (hidden != silent) {
        add(events, data, from, at + 1, true);
        from = at + 1;
        hidden = silent;
      }
    }
    add(events, data, from, end, hidden);
    return events;
  }

  private static void add(List<Event> events, Bytes data, int from, int end, boolean hidden) {
    if (end > from) {
      events.add(
          hidden
              ? new Event.HiddenInput(end - from)
              : new Event.Input(Bytes.view(data.array(), from, end - from)));
    }
  }

  /** Enter, and the keys that give a question up: Ctrl-C, Ctrl-D. */
  private static boolean endsLine(byte key) {
    return key == '\r' || key == '\n' || key == 0x03 || key == 0x04;
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
