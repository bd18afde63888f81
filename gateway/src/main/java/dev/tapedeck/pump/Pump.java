package dev.tapedeck.pump;

import dev.tapedeck.event.Bytes;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Carries one direction of a program's bytes: reads a chunk, records it, then passes it on.
 *
 * <p>The order is the promise: what has been passed on has been recorded. A recorder that hangs
 * does not hang the program, see {@link StallWatch}.
 */
public final class Pump {

  /** How much is read at once, at the most. */
  public static final int CHUNK_BYTES = 32 * 1024;

  private final String name;
  private final Source source;
  private final Step record;
  private final Step forward;
  private final @Nullable StallWatch watch;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  /**
   * A pump that does not run yet.
   *
   * @param watch what to do about a recorder that hangs; null to wait for as long as it takes
   */
  public Pump(String name, Source source, Step record, Step forward, @Nullable StallWatch watch) {
    this.name = name;
    this.source = source;
    this.record = record;
    this.forward = forward;
    this.watch = watch;
  }

  /**
   * Starts it on a thread of its own; the future completes at the end of the source, or with what
   * went wrong.
   */
  public CompletableFuture<Void> start() {
    Thread.ofPlatform().name(name).daemon().start(() -> guarded(new Turn()::run));
    return done;
  }

  private void guarded(Body body) {
    try {
      body.run();
    } catch (IOException | RuntimeException | Error e) {
      // Whoever waits for the end must learn of it, whatever it was.
      done.completeExceptionally(e);
    }
  }

  /**
   * What one thread does until the source ends or another thread takes its place; with a buffer of
   * its own.
   */
  private final class Turn {

    private final byte[] buffer = new byte[CHUNK_BYTES];
    private final StallWatch.@Nullable Lease lease =
        watch == null ? null : watch.lease(() -> guarded(this::standIn));
    private Bytes chunk = Bytes.view(buffer, 0, 0);

    void run() throws IOException {
      try {
        int count;
        while ((count = source.read(buffer)) >= 0) {
          chunk = Bytes.view(buffer, 0, count);
          if (!recorded()) {
            return;
          }
          forward.accept(chunk);
        }
        done.complete(null);
      } finally {
        if (lease != null) {
          lease.close();
        }
      }
    }

    /** Records the chunk; false if that took so long that another thread has gone on with it. */
    private boolean recorded() throws IOException {
      if (lease == null) {
        record.accept(chunk);
        return true;
      }
      lease.enter();
      try {
        record.accept(chunk);
      } catch (IOException | RuntimeException | Error e) {
        if (lease.leave()) {
          throw e;
        }
        return false;
      }
      return lease.leave();
    }

    /**
     * Goes on in place of a thread that is stuck; that one may still read the buffer, so this turn
     * ends with it.
     */
    private void standIn() throws IOException {
      forward.accept(chunk);
      new Turn().run();
    }
  }

  /** Where bytes come from: the next of them into the buffer, how many; negative at the end. */
  public interface Source {
    int read(byte[] buffer) throws IOException;
  }

  /** What is done with a chunk; it must not be kept. */
  public interface Step {
    void accept(Bytes chunk) throws IOException;
  }

  private interface Body {
    void run() throws IOException;
  }
}
