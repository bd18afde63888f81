package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.follow.Follower;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import dev.tapedeck.tui.WatchScreen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The live terminal view. */
@Command(
    name = "watch",
    sortOptions = false,
    description = {
      "Shows sessions as they go on: what is said to the model and what it answers, or the terminal.",
      "Press ? for the keys. It reads the recordings and needs no running gateway; nor can it slow one."
    },
    footer = {
      "",
      "Examples:",
      "  tapedeck watch",
      "  tapedeck watch latest",
      "  tapedeck watch 019a5b/shell-1",
      "  tapedeck watch latest --once --size 120x40"
    })
public final class Watch extends SessionCommand {

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,4})x([0-9]{1,4})");
  private static final int MIN_COLUMNS = 30;
  private static final int MIN_ROWS = 6;
  private static final int MAX_SIDE = 1000;

  @Parameters(
      paramLabel = "SESSION[/TRACK]",
      arity = "0..1",
      description =
          "An id, the unique beginning of one, or latest; then perhaps a terminal track. By default"
              + " the newest session that is live.")
  @Nullable String session;

  @Option(names = "--once", description = "Print one picture as text, and end.")
  boolean once;

  @Option(
      names = "--size",
      paramLabel = "COLSxROWS",
      description = "The size of that picture (${DEFAULT-VALUE}).",
      defaultValue = "80x24")
  String size = "80x24";

  public Watch(Environment surroundings, Console console) {
    super(surroundings, console);
  }

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException {
    Matcher wanted = size();
    if (!once && !(console.outIsTerminal() && inIsTerminal())) {
      throw new ConfigException(
          "watch draws on a terminal, and this is none; --once prints one picture as text");
    }
    SessionId id = null;
    String track = null;
    if (session != null) {
      Recordings.Found found = recordings().find(session);
      id = found.session().id();
      TrackRecord named = found.track();
      track = named == null ? null : Recordings.terminalTrack(found).name();
    }
    try (Follower follower = new Follower(recordingStore(), Recordings::read)) {
      WatchView watch = new WatchView(follower, Clock.system(ZoneId.systemDefault()), id, track);
      if (once) {
        console.raw(
            watch
                .once(
                    follower::settle,
                    Integer.parseInt(wanted.group(1)),
                    Integer.parseInt(wanted.group(2)))
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      } else {
        draw(follower, watch);
      }
    }
    return DONE;
  }

  private static void draw(Follower follower, WatchView watch) throws ConfigException, IOException {
    LogLevel.silence(); // lines of a log would tear the picture
    WatchScreen screen;
    try {
      screen = new WatchScreen(watch);
    } catch (IOException | IllegalStateException e) {
      throw new ConfigException("watch cannot draw on this terminal: " + Sentence.of(e));
    }
    try (screen) {
      follower.start();
      screen.run();
    }
  }

  private Matcher size() throws ConfigException {
    Matcher matcher = SIZE.matcher(size);
    if (!matcher.matches()
        || !within(matcher.group(1), MIN_COLUMNS)
        || !within(matcher.group(2), MIN_ROWS)) {
      throw new ConfigException(
          "--size: \""
              + size
              + "\" is not allowed; "
              + MIN_COLUMNS
              + "x"
              + MIN_ROWS
              + " to "
              + MAX_SIDE
              + "x"
              + MAX_SIDE
              + " is");
    }
    return matcher;
  }

  private static boolean within(String number, int least) {
    int value = Integer.parseInt(number);
    return value >= least && value <= MAX_SIDE;
  }

  private static boolean inIsTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/0")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false; // closed, or a system without /proc
    }
  }
}
