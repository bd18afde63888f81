package dev.tapedeck.ssh;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.pump.StreamTap;
import dev.tapedeck.pump.Tap;
import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.SandboxProcess;
import dev.tapedeck.sandbox.TerminalSpec;
import dev.tapedeck.session.Track;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One program in the sandbox with its channel and its track: starts it, carries and records what
 * passes, and ends all three together.
 *
 * <p>The track is opened before the program is started, so that a program that could not be started
 * is on record too.
 */
final class Program implements Command, ChannelDataReceiver {

  private static final Logger LOG = LoggerFactory.getLogger(Program.class);

  /** What a shell answers when it cannot run a command. */
  private static final ExitStatus COULD_NOT_START = new ExitStatus.Code(126);

  private final Connection connection;
  private final SessionChannel channel;
  private final ProcessSpec spec;
  private final InputQueue input = new InputQueue();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** What resizes and signals wait for that come while the program starts. */
  private final CompletableFuture<Void> started = new CompletableFuture<>();

  /** Resizes and signals, one after the other, on no thread of the connection's. */
  private final ExecutorService control =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("control-", 0).factory());

  private @Nullable OutputStream out;
  private @Nullable OutputStream err;
  private volatile @Nullable SandboxProcess process;
  private volatile @Nullable Track track;
  private volatile @Nullable String lastWords;

  /** The size last asked for, and the one that the program has; null without a terminal. */
  private volatile @Nullable TerminalSize wanted;

  private volatile @Nullable TerminalSize applied;
  private volatile boolean over;

  Program(Connection connection, SessionChannel channel, ProcessSpec spec) {
    this.connection = connection;
    this.channel = channel;
    this.spec = spec;
    TerminalSpec terminal = spec.terminal();
    this.wanted = terminal == null ? null : terminal.size();
  }

  @Override
  public void setInputStream(InputStream in) {
    throw new IllegalStateException("input comes through data()");
  }

  @Override
  public void setOutputStream(OutputStream out) {
    this.out = out;
  }

  @Override
  public void setErrorStream(OutputStream err) {
    this.err = err;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    // The channel is told by finish(), which knows signals as well.
  }

  @Override
  public int data(ChannelSession from, byte[] buffer, int start, int length) {
    connection.touch();
    input.put(buffer, start, length);
    return 0;
  }

  /** The client sends no more. */
  @Override
  public void close() {
    input.end();
  }

  @Override
  public void start(ChannelSession from, Environment environment) {
    connection.add(this);
    Thread.ofPlatform().name("channel-" + channel.getChannelId()).daemon().start(this::run);
  }

  /** The channel is gone. */
  @Override
  public void destroy(@Nullable ChannelSession from) {
    kill();
  }

  /** Completes when the program has ended and its track is closed. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** Ends the program; the client is told why. */
  void end(String why) {
    lastWords = why;
    kill();
  }

  void resize(TerminalSize size) {
    if (spec.terminal() == null) {
      return;
    }
    wanted = size;
    onControl((running, recorded) -> {
      TerminalSize last = wanted;
      if (last != null && !last.equals(applied)) {
        applied = last;
        running.resize(last);
        recorded.emit(new Event.Resized(last));
      }
    });
  }

  void signal(String name) {
    onControl((running, recorded) -> {
      if (running.signal(name)) {
        recorded.emit(new Event.Marker("signal " + name));
      }
    });
  }

  private void run() {
    ExitStatus status = new ExitStatus.Unknown();
    try {
      Connection.Place place = connection.place();
      ProcessSpec now = sized();
      Track opened = place.session().open(type(), opening(now));
      track = opened;
      status = runIn(place, now, opened);
    } catch (ExecutionException e) {
      tell(null, "cannot start this session: " + reason(e));
    } catch (IOException | IllegalStateException e) {
      LOG.warn("{}: a channel ended early: {}", connection, e.toString());
      giveUp(reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      finish(status);
    }
  }

  /** What to start, with the size that was asked for last. */
  private ProcessSpec sized() {
    TerminalSpec terminal = spec.terminal();
    TerminalSize size = wanted;
    if (terminal == null || size == null) {
      return spec;
    }
    applied = size;
    return spec.on(terminal.withSize(size));
  }

  private ExitStatus runIn(Connection.Place place, ProcessSpec now, Track opened)
      throws IOException, InterruptedException {
    try (SandboxProcess running = place.sandbox().start(now.with(place.variables()))) {
      process = running;
      started.complete(null);
      if (over) {
        return new ExitStatus.Unknown();
      }
      Tap tap =
          FileTransfer.isTransfer(spec)
              ? FileTransfer.tap(spec, opened)
              : new StreamTap(opened, running.echo(), spec.terminal() != null);
      try {
        new ProgramStreams(connection, channel, running, tap)
            .carry(
                input, Objects.requireNonNull(out), spec.terminal() == null ? err : null, isSftp());
      } finally {
        tap.end();
      }
      String words = lastWords;
      if (words != null) {
        tell(opened, words);
      }
      return words == null ? running.await() : new ExitStatus.Unknown();
    } catch (SandboxException e) {
      tell(opened, reason(e));
      return COULD_NOT_START;
    }
  }

  /** Something went wrong that the client must not get past: it is told why, if it may be. */
  private void giveUp(String why) {
    Track recorded = track;
    if (recorded != null && isOnRecord(recorded, why)) {
      // Before it is told, for it may not listen: then the connection is closed all the same.
      connection.end(why);
      say(why);
    } else {
      connection.abort(why);
    }
  }

  /**
   * Says something to the client in the gateway's own name, on record like everything that the
   * client gets.
   */
  private void tell(@Nullable Track recorded, String words) {
    if (recorded == null || isOnRecord(recorded, words)) {
      say(words);
    }
  }

  private boolean isOnRecord(Track recorded, String words) {
    Bytes line = line(words);
    try {
      recorded.emit(spec.terminal() == null ? new Event.ErrorOutput(line) : new Event.Output(line));
      return true;
    } catch (IOException e) {
      LOG.debug("{}: '{}' is not on record: {}", connection, words, e.toString());
      return false;
    }
  }

  private void say(String words) {
    OutputStream client = spec.terminal() == null ? err : out;
    if (client == null) {
      return;
    }
    try {
      ProgramStreams.send(connection, client, line(words));
    } catch (IOException e) {
      LOG.debug("{}: nobody there to be told '{}': {}", connection, words, e.toString());
    }
  }

  private Bytes line(String words) {
    boolean terminal = spec.terminal() != null;
    return Bytes.of((terminal ? "\r\n" : "") + "tapedeck: " + words + (terminal ? "\r\n" : "\n"));
  }

  private void finish(ExitStatus status) {
    over = true;
    input.end();
    started.complete(null);
    control.shutdown();
    try {
      Track recorded = track;
      if (recorded != null) {
        recorded.close(status);
      }
    } catch (IOException e) {
      LOG.warn("{}: the end of a track was not recorded: {}", connection, e.toString());
    }
    try {
      channel.finish(status);
    } catch (IOException e) {
      LOG.debug(
          "{}: channel {} closed badly: {}", connection, channel.getChannelId(), e.toString());
    } finally {
      connection.remove(this);
      ended.complete(null);
    }
  }

  /** Ends the program without a word. */
  void kill() {
    over = true;
    input.end();
    SandboxProcess running = process;
    if (running != null) {
      running.close();
    }
  }

  private void onControl(ControlStep step) {
    try {
      control.execute(() -> {
        try {
          started.join();
          SandboxProcess running = process;
          Track recorded = track;
          if (running != null && recorded != null) {
            step.run(running, recorded);
          }
        } catch (IOException e) {
          LOG.warn("{}: {}", connection, e.toString());
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("{}: the program has ended already", connection);
    }
  }

  private boolean isSftp() {
    return spec.program() instanceof ProcessSpec.Program.Sftp;
  }

  private TrackType type() {
    if (FileTransfer.isTransfer(spec)) {
      return TrackType.FILES;
    }
    return spec.program() instanceof ProcessSpec.Program.LoginShell
        ? TrackType.SHELL
        : TrackType.EXEC;
  }

  private static Event.TrackOpened opening(ProcessSpec now) {
    TerminalSpec terminal = now.terminal();
    String command =
        switch (now.program()) {
          case ProcessSpec.Program.LoginShell _ -> null;
          case ProcessSpec.Program.Command line -> CommandText.of(line.line());
          case ProcessSpec.Program.Scp scp -> CommandText.of(scp.line());
          case ProcessSpec.Program.Sftp _ -> "sftp";
        };
    return new Event.TrackOpened(
        Instant.now(),
        command,
        terminal == null ? null : terminal.size(),
        terminal == null ? Map.of() : Map.of("TERM", terminal.type()));
  }

  private static String reason(Throwable e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private interface ControlStep {
    void run(SandboxProcess running, Track recorded) throws IOException;
  }
}
