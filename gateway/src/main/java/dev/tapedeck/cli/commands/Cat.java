package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Units;
import dev.tapedeck.formats.cast.CastCode;
import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.session.SessionRecord.Payload;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes what a track's program wrote. */
@Command(
    name = "cat",
    sortOptions = false,
    description = {
      "Writes the recorded output as raw bytes: of one track, or of all terminal and exec tracks in",
      "their order. Output that is not text is there where it was kept (recording.keep_payloads);",
      "otherwise that is said, and the exit code is 1. Of API traffic it writes the HAR."
    },
    footer = {
      "",
      "Examples:",
      "  tapedeck cat latest",
      "  tapedeck cat 019a5b/exec-2 > archive.tar",
      "  tapedeck cat latest/api | jq '.log.entries[]._usage'"
    })
public final class Cat extends SessionCommand {

  @Parameters(
      paramLabel = "SESSION[/TRACK]",
      description = "An id, the unique beginning of one, or latest; then perhaps a track.")
  String session = "";

  public Cat(Environment surroundings, Console console) {
    super(surroundings, console);
  }

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException {
    Recordings.Found found = recordings().find(session);
    if (Recordings.isApiOnly(found)) {
      HarTrack.copy(found, Recordings.harTrack(found), false, console.stream());
      return DONE;
    }
    List<TrackRecord> tracks =
        found.track() == null
            ? found.session().tracks().stream().filter(Recordings::isCast).toList()
            : List.of(Recordings.terminalTrack(found));
    if (tracks.isEmpty()) {
      Recordings.terminalTrack(found); // says what there is instead
    }
    boolean whole = true;
    for (TrackRecord track : tracks) {
      whole &= write(found.folder().path(), track);
    }
    return whole ? DONE : FAILED;
  }

  private boolean write(Path folder, TrackRecord track) throws CommandFailed, IOException {
    try (CastFile cast = new CastFile(folder.resolve(track.file()))) {
      for (CastEvent event = cast.next(); event != null; event = cast.next()) {
        if (event.code() == CastCode.Known.OUTPUT) {
          console.raw(event.data().getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    boolean whole = true;
    for (String direction : List.of("output", "error")) {
      for (Payload payload : track.payloads()) {
        if (payload.direction().equals(direction)) {
          whole &= payload(folder, track, payload);
        }
      }
    }
    return whole;
  }

  private boolean payload(Path folder, TrackRecord track, Payload payload) throws IOException {
    String file = payload.file();
    if (file == null) {
      console.flush();
      console.error(
          track.name()
              + ": "
              + Units.show(payload.bytes())
              + " of "
              + payload.direction()
              + " are not text and were not kept (sha256 "
              + payload.sha256()
              + ")");
      return false;
    }
    Files.copy(folder.resolve(file), console.stream());
    return true;
  }
}
