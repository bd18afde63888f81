package dev.tapedeck.sandbox.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.ExitStatus;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A child process with pipes or on a terminal, the leader of a session of its own. Its status is
 * the kernel's own word: unlike {@link Process#exitValue} it tells exit code 143 from death by
 * SIGTERM.
 *
 * <p>A platform thread of its own waits for its end and reaps it; until then its process id cannot
 * be given to another process, so that {@link #signal} never meets a stranger.
 */
public final class Child implements Closeable {

  private static final long REAPER_STACK_BYTES = 128 * 1024;

  private final int pid;
  private final OutputStream input;
  private final InputStream output;
  private final InputStream error;
  private final @Nullable InputStream announcement;
  private @Nullable CompletableFuture<Void> begun;
  private final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
  private boolean reaped;

  private Child(
      int pid,
      OutputStream input,
      InputStream output,
      InputStream error,
      @Nullable InputStream announcement) {
    this.pid = pid;
    this.input = input;
    this.output = output;
    this.error = error;
    this.announcement = announcement;
  }

  /** Whether this machine's C library has what is needed. */
  public static boolean supported() {
    return Spawn.supported();
  }

  /** Whether this process is root. */
  public static boolean root() {
    return Libc.geteuid() == 0;
  }

  /**
   * Starts a program with exactly this environment, in the gateway's working folder.
   *
   * @param command an absolute path and arguments
   */
  public static Child start(List<String> command, Map<String, String> environment)
      throws IOException {
    return start(command, entries(environment), false);
  }

  /**
   * The same with an environment that need not be text.
   *
   * @param environment {@code NAME=value} each
   */
  public static Child start(List<String> command, List<Bytes> environment) throws IOException {
    return start(command, environment, false);
  }

  /**
   * Starts a launcher, which becomes a program and says so just before: see {@link #awaitBegun}.
   */
  static Child start(LaunchScript launch, List<String> command) throws IOException {
    return start(command, launch.environment(), true);
  }

  private static Child start(List<String> command, List<Bytes> environment, boolean launcher)
      throws IOException {
    try (PipeEnds ends = new PipeEnds()) {
      Pipe in = ends.open();
      Pipe out = ends.open();
      Pipe err = ends.open();
      Pipe begun = launcher ? ends.open() : null;
      OutputStream input = new DescriptorOutput(ends.take(in.writing()), true);
      InputStream output = new DescriptorInput(ends.take(out.reading()));
      InputStream error = new DescriptorInput(ends.take(err.reading()));
      InputStream announcement =
          begun == null ? null : new DescriptorInput(ends.take(begun.reading()));
      int[] files =
          begun == null
              ? new int[] {in.reading(), out.writing(), err.writing()}
              : new int[] {in.reading(), out.writing(), err.writing(), begun.writing()};
      int pid = Spawn.spawn(command, environment, files, null);
      Child child = new Child(pid, input, output, error, announcement);
      ends.keepTaken();
      child.reap();
      return child;
    }
  }

  /**
   * Starts a program on a terminal, which becomes its own; {@link #input} and {@link #output} are
   * those of the terminal then, and not of the child.
   *
   * @param command an absolute path and arguments
   * @param errorApart whether its standard error is a pipe, and not the terminal
   */
  public static Child start(
      List<String> command, Map<String, String> environment, Pty terminal, boolean errorApart)
      throws IOException {
    try (PipeEnds ends = new PipeEnds()) {
      int[] files = {Spawn.TERMINAL, Spawn.TERMINAL, Spawn.TERMINAL};
      InputStream error = InputStream.nullInputStream();
      if (errorApart) {
        Pipe err = ends.open();
        error = new DescriptorInput(ends.take(err.reading()));
        files[2] = err.writing();
      }
      int pid = Spawn.spawn(command, entries(environment), files, terminal.path());
      Child child =
          new Child(
              pid, OutputStream.nullOutputStream(), InputStream.nullInputStream(), error, null);
      ends.keepTaken();
      child.reap();
      return child;
    }
  }

  private static List<Bytes> entries(Map<String, String> environment) {
    return environment.entrySet().stream()
        .map(e -> Bytes.of(e.getKey() + "=" + e.getValue()))
        .toList();
  }

  public int pid() {
    return pid;
  }

  /**
   * Waits until the launcher is about to become the program, or has ended: what is signalled before
   * meets a process that stands for the program, and may be lost with it. Waits for nothing where
   * there is no launcher.
   */
  public void awaitBegun() {
    if (announcement != null) {
      begun(announcement).join();
    }
  }

  /** Read on a thread of its own, since few programs are ever asked. */
  private synchronized CompletableFuture<Void> begun(InputStream from) {
    CompletableFuture<Void> known = begun;
    if (known == null) {
      CompletableFuture<Void> news = new CompletableFuture<>();
      Thread.ofPlatform()
          .name("begun-" + pid)
          .daemon()
          .stackSize(REAPER_STACK_BYTES)
          .start(() -> {
            try {
              int _ = from.read();
            } catch (IOException _) {
              // Nothing more will be heard: it counts as begun.
            } finally {
              news.complete(null);
            }
          });
      begun = news;
      return news;
    }
    return known;
  }

  /** To its standard input. */
  public OutputStream input() {
    return input;
  }

  public InputStream output() {
    return output;
  }

  public InputStream error() {
    return error;
  }

  /** Completed, on a thread that must not be kept, when it has ended. */
  public CompletableFuture<ExitStatus> ended() {
    return ended;
  }

  public boolean alive() {
    return !ended.isDone();
  }

  public ExitStatus await() throws InterruptedException {
    try {
      return ended.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for process " + pid, e);
    }
  }

  /** Its status, or nothing if it still runs after so long. */
  public Optional<ExitStatus> await(long timeout, TimeUnit unit) throws InterruptedException {
    try {
      return Optional.of(ended.get(timeout, unit));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for process " + pid, e);
    }
  }

  /**
   * Has something done, on a thread of its own, whenever it is stopped by a signal: a shell that
   * waits for this process would see that, and for its child nobody does.
   */
  public void onStop(Runnable action) {
    Thread.ofPlatform()
        .name("stops-" + pid)
        .daemon()
        .stackSize(REAPER_STACK_BYTES)
        .start(() -> watchStops(action));
  }

  private void watchStops(Runnable action) {
    int n;
    do {
      n = Libc.waitStopped(pid);
      if (n >= 0 && alive()) {
        action.run();
      }
    } while ((n >= 0 || n == -Libc.EINTR) && alive());
  }

  /** Signals it; false if it has ended. */
  public synchronized boolean signal(int signal) {
    return !reaped && Libc.kill(pid, signal) >= 0;
  }

  /** Signals it and whatever else is in its process group. */
  public synchronized boolean signalGroup(int signal) {
    return !reaped && Libc.kill(-pid, signal) >= 0;
  }

  /** Its children as the kernel lists them now; none once it has ended. */
  public synchronized List<Integer> children() {
    return reaped ? List.of() : ProcessTree.children(pid);
  }

  /** Lets go of its pipes; does not end it. */
  @Override
  public void close() throws IOException {
    input.close();
    output.close();
    error.close();
    if (announcement != null) {
      announcement.close();
    }
  }

  private void reap() {
    Thread.ofPlatform()
        .name("reaper-" + pid)
        .daemon()
        .stackSize(REAPER_STACK_BYTES)
        .start(this::waitForEnd);
  }

  private void waitForEnd() {
    int n;
    do {
      n = Libc.waitEnded(pid);
    } while (n == -Libc.EINTR);
    ExitStatus status;
    synchronized (this) {
      status = collect();
      reaped = true;
    }
    ended.complete(status);
  }

  private ExitStatus collect() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment word = arena.allocate(JAVA_INT);
      if (Libc.waitpid(pid, word) != pid) {
        return new ExitStatus.Unknown();
      }
      int status = word.get(JAVA_INT, 0);
      int signal = status & 0x7f;
      return signal == 0
          ? new ExitStatus.Code(status >> 8 & 0xff)
          : new ExitStatus.Signalled(Signals.name(signal), signal);
    }
  }
}
