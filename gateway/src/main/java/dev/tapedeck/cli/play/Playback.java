package dev.tapedeck.cli.play;

import dev.tapedeck.formats.cast.CastCode;
import dev.tapedeck.formats.cast.CastEvent;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A recording in the time that it took, until its end or until a person has seen enough.
 *
 * <pre>
 *   playing --space--> paused --space--> playing
 *   playing or paused --arrow, page, home--> the same, elsewhere; . --> paused, one output later
 *   playing or paused --q, Ctrl-C, the recording's end--> over
 * </pre>
 *
 * <p>Elsewhere is reached by showing what comes before it at once; going back begins with a cleared
 * screen.
 *
 * @param <E> what reading throws beside I/O errors
 */
public final class Playback<E extends Exception> {

  private static final long SEEK_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long FAR_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** A recording, open. */
  public interface Recording<E extends Exception> extends Closeable {
    /** The next event, or null at the end. */
    @Nullable CastEvent next() throws E, IOException;
  }

  /** Opens the recording, at its beginning. */
  public interface Opener<E extends Exception> {
    Recording<E> open() throws E, IOException;
  }

  /**
   * How fast.
   *
   * @param speed how many times as fast as recorded
   * @param idleNanos pauses are cut to this
   */
  public record Pace(double speed, long idleNanos) {}

  private final Opener<E> opener;
  private final OutputStream out;
  private final KeyQueue keys;
  private final Pace pace;

  /** Gives the terminal to the shell until the person comes back. */
  private final Runnable suspend;

  /** Whether a line ends with a line feed alone, since the recorded program had no terminal. */
  private final boolean plainLines;

  private TerminalState state = new TerminalState();
  private char last = '\n';
  private boolean paused;

  /** The moment of the recording at which it was {@link #since} by the clock. */
  private long position;

  private long since;

  public Playback(
      Opener<E> opener,
      OutputStream out,
      KeyQueue keys,
      Pace pace,
      boolean plainLines,
      Runnable suspend) {
    this.opener = opener;
    this.out = out;
    this.keys = keys;
    this.pace = pace;
    this.plainLines = plainLines;
    this.suspend = suspend;
  }

  /** Plays it. What {@link #undo} gives is to be written afterwards, however this ends. */
  public void run(long startNanos) throws E, IOException, InterruptedException {
    boolean back = false;
    long target = startNanos;
    while (target >= 0 && !keys.isQuit()) {
      if (back) {
        write(state.undo() + "\033[H\033[2J");
        state = new TerminalState();
      }
      try (Recording<E> recording = opener.open()) {
        target = play(recording, target);
      }
      back = true;
    }
  }

  /** What gives the terminal back as a shell expects it. */
  public String undo() {
    return state.undo();
  }

  /**
   * Plays from a moment on.
   *
   * @return where to go back to, or -1 if it is over
   */
  private long play(Recording<E> recording, long from) throws E, IOException, InterruptedException {
    position = 0;
    CastEvent next = seek(recording, recording.next(), from);
    while (next != null && !keys.isQuit()) {
      PlayKey key = paused ? keys.next() : untilDue(next);
      if (key == null) {
        since += wait(next);
        position = next.time();
        show(next);
        next = recording.next();
        continue;
      }
      position = now(next);
      since = System.nanoTime();
      long target = position;
      switch (key) {
        case QUIT -> {
          return -1;
        }
        case ANSWERED -> {
          // The recording asked the terminal how it is.
        }
        case PAUSE -> paused = !paused;
        case STEP -> {
          paused = true;
          next = step(recording, next);
        }
        case SUSPEND -> {
          write(state.undo());
          out.flush();
          suspend.run();
          return position;
        }
        case BACK -> target -= SEEK_NANOS;
        case FORWARD -> target += SEEK_NANOS;
        case FAR_BACK -> target -= FAR_NANOS;
        case FAR_FORWARD -> target += FAR_NANOS;
        case BEGINNING -> target = 0;
      }
      if (key != PlayKey.STEP && target < position) {
        return Math.max(0, target);
      }
      if (next != null && target > position) {
        next = seek(recording, next, target);
      }
      out.flush();
    }
    return -1;
  }

  private @Nullable PlayKey untilDue(CastEvent next) throws IOException, InterruptedException {
    long wait = since + wait(next) - System.nanoTime();
    if (wait > 0) {
      out.flush();
    }
    return keys.next(Math.max(0, wait));
  }

  /** By one clock, so that no pause's inexactness adds to the next. */
  private long wait(CastEvent next) {
    return (long) (Math.min(next.time() - position, pace.idleNanos()) / pace.speed());
  }

  private long now(CastEvent next) {
    if (paused) {
      return position;
    }
    long played = (long) ((System.nanoTime() - since) * pace.speed());
    return Math.min(next.time(), position + played);
  }

  private @Nullable CastEvent step(Recording<E> recording, CastEvent first) throws E, IOException {
    CastEvent next = first;
    boolean shown = false;
    while (next != null && !shown) {
      shown = show(next);
      position = next.time();
      next = recording.next();
    }
    return next;
  }

  private @Nullable CastEvent seek(Recording<E> recording, @Nullable CastEvent first, long target)
      throws E, IOException {
    CastEvent next = first;
    while (target > 0 && next != null && next.time() <= target && !keys.isQuit()) {
      show(next);
      next = recording.next();
    }
    position = target;
    since = System.nanoTime();
    out.flush();
    return next;
  }

  private boolean show(CastEvent event) throws IOException {
    if (event.code() != CastCode.Known.OUTPUT) {
      return false;
    }
    state.follow(event.data());
    write(plainLines ? withReturns(event.data()) : event.data());
    return true;
  }

  private String withReturns(String text) {
    StringBuilder lines = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      lines.append(c == '\n' && last != '\r' ? "\r\n" : String.valueOf(c));
      last = c;
    }
    return lines.toString();
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
