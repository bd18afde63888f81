package dev.tapedeck.cli.run;

import dev.tapedeck.event.Event;
import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.pump.Pump;
import dev.tapedeck.pump.StallWatch;
import dev.tapedeck.pump.StreamTap;
import dev.tapedeck.pump.Tap;
import dev.tapedeck.sandbox.SandboxProcess;
import dev.tapedeck.sandbox.posix.Signals;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.Track;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One program between its caller and its track: starts it, carries and records what passes, and
 * tells how it ended.
 *
 * <pre>
 *   caller --keys, standard input--> input Pump  --record, write--> program
 *   caller <--output and error Pump, recorded before-------------- program
 *   signals: INT goes on to it; TERM and HUP end it; WINCH resizes its terminal
 * </pre>
 */
public final class Foreground implements CallersSignals.Taker {

  private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);

  /** How long a program that is told to end may take to do so by itself. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Caller caller;
  private final @Nullable StallWatch watch;
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  /** The signal that ends the program before its time. */
  private final AtomicReference<@Nullable String> ending = new AtomicReference<>();

  private final Object resizing = new Object();
  private @Nullable TerminalSize size;
  private volatile @Nullable SandboxProcess program;
  private volatile @Nullable Track track;

  /**
   * A program that is not started yet.
   *
   * @param watch what to do about a recorder that hangs; null to wait for as long as it takes
   */
  public Foreground(Caller caller, @Nullable StallWatch watch) {
    this.caller = caller;
    this.watch = watch;
  }

  /**
   * Runs a program to its end.
   *
   * @param command an absolute path and arguments
   * @param words the same as the person wrote it
   * @param environment the program's whole environment
   * @return how it ended, or by which signal it was ended with this process
   * @throws IOException if it cannot be started, or strict recording failed
   */
  public ExitStatus run(
      Session session, List<String> command, List<String> words, Map<String, String> environment)
      throws IOException, InterruptedException {
    size = caller.size();
    Track opened = session.open(TrackType.EXEC, opening(words, environment));
    ExitStatus status = new ExitStatus.Unknown();
    CallersSignals.giveTo(this);
    try (SandboxProcess running = caller.start(command, environment, this::windowChanged)) {
      program = running;
      track = opened;
      windowChanged();
      status = carry(running, opened);
    } finally {
      over.complete(null);
      caller.close();
      opened.close(status);
    }
    String signal = ending.get();
    return signal == null ? status : new ExitStatus.Signalled(signal, Signals.number(signal));
  }

  private Event.TrackOpened opening(List<String> words, Map<String, String> environment) {
    String type = environment.get("TERM");
    return new Event.TrackOpened(
        Instant.now(),
        CommandLineText.of(words),
        size,
        size == null || type == null ? Map.of() : Map.of("TERM", type));
  }

  private ExitStatus carry(SandboxProcess running, Track opened)
      throws IOException, InterruptedException {
    if (ending.get() != null) {
      return new ExitStatus.Unknown();
    }
    Tap tap = new StreamTap(opened, running.echo(), size != null);
    OutputStream error = caller.error();
    CompletableFuture<Void> output =
        carry(running, "output", running.output(), tap::output, caller.output());
    CompletableFuture<Void> errors =
        error == null
            ? CompletableFuture.completedFuture(null)
            : carry(running, "error", running.error(), tap::error, error);
    CompletableFuture<Void> refused = new CompletableFuture<>();
    var _ =
        pump(
                "input",
                caller.input(),
                chunk -> {
                  try {
                    tap.input(chunk, caller.echo(running));
                  } catch (IOException e) {
                    refused.completeExceptionally(e);
                    running.close();
                    throw e;
                  }
                },
                chunk -> running.input().write(chunk.array(), chunk.offset(), chunk.length()))
            .whenComplete((_, e) -> inputEnded(running, e));
    try {
      CompletableFuture.allOf(output, errors).get();
      if (refused.isDone()) {
        refused.get();
      }
    } catch (ExecutionException e) {
      running.close();
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      tap.end();
    }
    return running.await();
  }

  /**
   * One who reads no more is felt by the program as if its output went there directly. What may not
   * pass unrecorded ends the program, which would wait for its other output to be read.
   */
  private CompletableFuture<Void> carry(
      SandboxProcess running, String name, InputStream from, Pump.Step record, OutputStream to) {
    return pump(
            name,
            from::read,
            record,
            chunk -> {
              try {
                to.write(chunk.array(), chunk.offset(), chunk.length());
              } catch (IOException e) {
                LOG.debug("nobody reads {} any more: {}", name, e.getMessage());
                from.close();
              }
            })
        .whenComplete((_, failure) -> {
          if (failure != null) {
            running.close();
          }
        });
  }

  private CompletableFuture<Void> pump(
      String name, Pump.Source source, Pump.Step record, Pump.Step forward) {
    return new Pump(name, source, record, forward, watch).start();
  }

  private void inputEnded(SandboxProcess running, @Nullable Throwable failure) {
    if (over.isDone()) {
      return;
    }
    if (failure != null) {
      LOG.debug("input ended: {}", failure.toString());
    }
    try {
      caller.inputEnded(running);
    } catch (IOException e) {
      LOG.debug("input closed badly: {}", e.toString());
    }
  }

  @Override
  public void passOn(String signal) {
    SandboxProcess running = program;
    try {
      if (running != null && !over.isDone()) {
        running.signal(signal);
      }
    } catch (IOException e) {
      LOG.warn("SIG{} did not reach the program: {}", signal, e.getMessage());
    }
  }

  @Override
  public void windowChanged() {
    SandboxProcess running = program;
    Track recorded = track;
    if (running == null || recorded == null || over.isDone()) {
      return;
    }
    synchronized (resizing) {
      TerminalSize now = caller.size();
      if (now == null || now.equals(size)) {
        return;
      }
      size = now;
      try {
        running.resize(now);
        recorded.emit(new Event.Resized(now));
      } catch (IOException e) {
        LOG.warn("The program's terminal could not be resized to {}: {}", now, e.getMessage());
      }
    }
  }

  /** The program first, which may have something to put away; a second signal ends at once. */
  @Override
  public void end(String signal) {
    if (!ending.compareAndSet(null, signal)) {
      // A terminal that hangs up says so twice, by the kernel and by its shell: that is no haste.
      if (!signal.equals("HUP")) {
        caller.close();
        Runtime.getRuntime()
            .halt(new ExitStatus.Signalled(signal, Signals.number(signal)).number());
      }
      return;
    }
    SandboxProcess running = program;
    if (running == null) {
      return;
    }
    passOn(signal);
    try {
      over.get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      running.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running.close();
    }
  }
}
