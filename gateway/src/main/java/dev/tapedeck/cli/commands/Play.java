package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Units;
import dev.tapedeck.cli.play.KeyQueue;
import dev.tapedeck.cli.play.PlayTerminal;
import dev.tapedeck.cli.play.Playback;
import dev.tapedeck.formats.cast.CastHeader;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
      "Plays a terminal track on this terminal in the time that it took. What the recorded programs",
      "told their terminal, yours is told too: play what you trust, or export it as text.",
      "",
      "Keys: Space pauses and goes on, . shows the next output and pauses, Left and Right go 5",
      "seconds back and forward, PageUp and PageDown 60, Home to the beginning, q or Ctrl-C ends it."
    },
    footer = {
      "",
      "Examples:",
      "  tapedeck play latest --idle 2s",
      "  tapedeck play 019a5b/shell-1 --speed 4",
      "  tapedeck play 019a5b/shell-1 --start-at 83.5"
    })
public final class Play extends SessionCommand {

  private static final double MAX_SPEED = 1_000;
  private static final double NANOS = 1e9;
  private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

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

  @Option(
      names = "--start-at",
      paramLabel = "SECOND",
      description =
          "Begin this many seconds after the session's start, as search prints them (12.3). What"
              + " came before is shown at once.")
  @Nullable String startAt;

  private final KeyQueue keys = new KeyQueue();

  public Play(Environment surroundings, Console console) {
    super(surroundings, console);
  }

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException, InterruptedException {
    if (!(speed > 0 && speed <= MAX_SPEED)) {
      throw new ConfigException(
          "--speed: " + speed + " is not allowed; more than 0, up to " + (int) MAX_SPEED + " is");
    }
    Duration limit = StoreOptions.option("--idle", idle, Units::duration);
    Long start = StoreOptions.option("--start-at", startAt, Play::second);
    Recordings.Found found = recordings().find(session);
    TrackRecord track = Recordings.terminalTrack(found);
    Path file = found.folder().path().resolve(track.file());
    long opened = TimeUnit.MILLISECONDS.toNanos(track.startedMillis());
    long from = start == null ? 0 : Math.max(0, start - opened);
    CastHeader header = header(file);
    Playback.Pace pace = new Playback.Pace(speed, idleNanos(limit, header));
    Map<String, Object> former = new HashMap<>();
    for (String signal : SIGNALS) {
      former.put(signal, Signals.register(signal, keys::quit));
    }
    try {
      if (console.outIsTerminal()) {
        onTerminal(file, pace, !header.env().containsKey("TERM"), from);
      } else {
        new Playback<>(() -> open(file), console.stream(), keys, pace, false, () -> {}).run(from);
      }
    } finally {
      former.forEach(Signals::unregister);
      console.flush();
    }
    return DONE;
  }

  private void onTerminal(Path file, Playback.Pace pace, boolean plainLines, long from)
      throws CommandFailed, IOException, InterruptedException {
    PlayTerminal terminal = PlayTerminal.open(console.stream(), keys);
    Playback<CommandFailed> playback =
        new Playback<>(
            () -> open(file), console.stream(), keys, pace, plainLines, terminal::suspend);
    try {
      playback.run(from);
    } finally {
      terminal.close(playback.undo());
    }
  }

  private static long idleNanos(@Nullable Duration limit, CastHeader header) {
    if (limit != null) {
      return limit.toNanos();
    }
    Double recorded = header.idleTimeLimit();
    return recorded == null ? Long.MAX_VALUE : (long) (recorded * NANOS);
  }

  private static CastHeader header(Path file) throws CommandFailed, IOException {
    try (CastFile cast = new CastFile(file)) {
      return cast.header();
    }
  }

  private static Playback.Recording<CommandFailed> open(Path file)
      throws CommandFailed, IOException {
    return new CastFile(file);
  }

  /** Nanoseconds; a duration with a unit is one, too. */
  static Long second(String text) {
    return text.matches("[0-9]{1,9}([.][0-9]{1,9})?")
        ? (long) (Double.parseDouble(text) * NANOS)
        : Units.duration(text).toNanos();
  }

  /** As Ctrl-C does. */
  void stop() {
    keys.quit();
  }
}
