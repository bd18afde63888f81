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
      "Plays a terminal track on this terminal at its original pace. Your terminal receives whatever",
      "the recorded programs sent to theirs: play only what you trust, or export it as text.",
      "",
      "Keys: Space pauses and resumes, . steps to the next output, Left and Right skip 5 seconds,",
      "PageUp and PageDown 60, Home returns to the beginning, q or Ctrl-C quits."
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
      description = "A session's ID, a unique prefix of one, or latest; optionally /TRACK.")
  String session = "";

  @Option(
      names = "--speed",
      paramLabel = "FACTOR",
      description = "Playback speed: 2 is twice as fast, 0.5 half as fast.")
  double speed = 1;

  @Option(
      names = "--idle",
      paramLabel = "DURATION",
      description = "Cap pauses at DURATION (e.g. 2s). Default: what the recording asks for.")
  @Nullable String idle;

  @Option(
      names = "--start-at",
      paramLabel = "SECOND",
      description =
          "Start at this second of the session, as search prints it (12.3). What came before is"
              + " shown at once.")
  @Nullable String startAt;

  private final KeyQueue keys = new KeyQueue();

  public Play(Environment surroundings, Console console) {
    super(surroundings, console);
  }

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException, InterruptedException {
    if (!(speed > 0 && speed <= MAX_SPEED)) {
      throw new ConfigException(
          "--speed must be more than 0 and at most " + (int) MAX_SPEED + " (got " + speed + ")");
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
