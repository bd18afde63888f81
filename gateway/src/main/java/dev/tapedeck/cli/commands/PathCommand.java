package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints where a session's files are. */
@Command(
    name = "path",
    sortOptions = false,
    description = "Prints a session's folder, or a track's file.",
    footer = {
      "",
      "Examples:",
      "  cd $(tapedeck path latest)",
      "  asciinema play $(tapedeck path latest/shell-1)"
    })
public final class PathCommand extends SessionCommand {

  @Parameters(
      paramLabel = "SESSION[/TRACK]",
      description = "An id, the unique beginning of one, or latest; then perhaps a track.")
  String session = "";

  public PathCommand(Environment surroundings, Console console) {
    super(surroundings, console);
  }

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException {
    if (session.indexOf('/') < 0) {
      console.line(recordings().folder(session).path().toString());
      return DONE;
    }
    Recordings.Found found = recordings().find(session);
    TrackRecord track = found.track();
    console.line(
        (track == null ? found.folder().path() : found.folder().path().resolve(track.file()))
            .toString());
    return DONE;
  }
}
