package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Surroundings;
import dev.tapedeck.cli.config.Units;
import dev.tapedeck.formats.cast.CastCode;
import dev.tapedeck.formats.cast.CastEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plays a terminal track in the time that it took. */
@Command(
    name = "play",
    sortOptions = false,
    description = {
      "Plays a terminal track on this terminal in the time that it took; Ctrl-C ends it. What the",
      "recorded programs told their terminal, yours is told too: play what you trust, or export it",
      "as text."
    },
    footer = {
      "",
      "Examples:",
      "  tapedeck play latest --idle 2s",
      "  tapedeck play 019a5b/shell-1 --speed 4"
    })
public final class Play extends SessionCommand {

  private static final double MAX_SPEED = 1_000;
  private static final double NANOS = 1e9;

  /**
   * Puts a terminal back to what a shell expects, whatever the recording did to it: the main
   * screen, no colours, a cursor, no mouse reports, no bracketed paste, normal keys (xterm control
   * sequences).
   */
  private static final String RESTORE =
      "\033[?1049l\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?2004l\033[?1l\033>\033[?7h\033[r"
          + "\033[0m\033[?25h";

  @Parameters(
      paramLabel = "SESSION[/TRACK]",
      description = "An id, the unique beginning of one, or latest; then perhaps a track.")
  String session = "";

  @Option(
      names = "--speed",
      paramLabel = "FACTOR",
      description = "Twice as fast with 2, half with 0.5.")
  double speed = 1;

  @Option(
      names = "--idle",
      paramLabel = "DURATION",
      description = "Pauses are no longer than this (2s); by default as the recording says.")
  @Nullable String idle;

  private final CountDownLatch stopped = new CountDownLatch(1);

  public Play(Surroundings surroundings, Console console) {
    super(surroundings, console);
  }

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException, InterruptedException {
    if (!(speed > 0 && speed <= MAX_SPEED)) {
      throw new ConfigException(
          "--speed: " + speed + " is not allowed; more than 0, up to " + (int) MAX_SPEED + " is");
    }
    Duration limit = StoreOptions.option("--idle", idle, Units::duration);
    Recordings.Found found = recordings().find(session);
    String file = Recordings.terminalTrack(found).file();
    Object former = Signals.register("INT", stopped::countDown);
    try (CastFile cast = new CastFile(found.folder().path().resolve(file))) {
      Double recorded = cast.header().idleTimeLimit();
      double most =
          limit != null
              ? limit.toNanos() / NANOS
              : recorded == null ? Double.POSITIVE_INFINITY : recorded;
      play(cast, most);
    } finally {
      Signals.unregister("INT", former);
      if (console.outIsTerminal()) {
        console.raw(RESTORE.getBytes(StandardCharsets.US_ASCII));
        console.line("");
      }
      console.flush();
    }
    return DONE;
  }

  /**
   * Sleeps until each event is due by one clock, so that no pause's inexactness adds to the next.
   *
   * @param idleSeconds pauses are cut to this
   */
  private void play(CastFile cast, double idleSeconds)
      throws CommandFailed, IOException, InterruptedException {
    long begun = System.nanoTime();
    double due = 0;
    long before = 0;
    for (CastEvent event = cast.next(); event != null; event = cast.next()) {
      due += Math.min((event.time() - before) / NANOS, idleSeconds) / speed;
      before = event.time();
      if (event.code() != CastCode.Known.OUTPUT) {
        continue;
      }
      long wait = (long) (due * NANOS) - (System.nanoTime() - begun);
      if (wait > 0) {
        console.flush();
      }
      if (stopped.await(Math.max(0, wait), TimeUnit.NANOSECONDS)) {
        return;
      }
      console.raw(event.data().getBytes(StandardCharsets.UTF_8));
    }
  }

  /** As Ctrl-C does. */
  void stop() {
    stopped.countDown();
  }
}
