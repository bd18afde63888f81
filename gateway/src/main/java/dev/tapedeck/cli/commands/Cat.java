package dev.tapedeck.cli.commands;

import dev.tapedeck.catalog.TransferBytes;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Units;
import dev.tapedeck.formats.cast.CastBytes;
import dev.tapedeck.formats.cast.CastCode;
import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.session.SessionRecord.Payload;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes what a track's program wrote. */
@Command(
    name = "cat",
    sortOptions = false,
    description = {
      "Writes the recorded output byte for byte: of one track, or of all terminal and exec tracks in",
      "their order, with what file transfers sent beside their protocol. If some of it was not kept",
      "(recording.payload_limit), the exit code is 1. Of API traffic it writes the HAR."
    },
    footer = {
      "",
      "Examples:",
      "  tapedeck cat latest",
      "  tapedeck cat --input latest/shell-1",
      "  tapedeck cat 019a5b/exec-2 > archive.tar",
      "  tapedeck cat latest/api | jq '.log.entries[]._usage'"
    })
public final class Cat extends SessionCommand {

  @Parameters(
      paramLabel = "SESSION[/TRACK]",
      description = "A session's ID, a unique prefix of one, or latest; optionally /TRACK.")
  String session = "";

  @Option(
      names = "--input",
      description = "What was typed or sent to the programs instead; hidden input is not recorded.")
  boolean input;

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
    TrackRecord named = found.track();
    List<TrackRecord> tracks =
        (named == null ? found.session().tracks() : List.of(named))
            .stream()
                .filter(track -> Recordings.isCast(track) || Recordings.isFiles(track))
                .toList();
    boolean whole = true;
    boolean told = false;
    for (TrackRecord track : tracks) {
      Path file = found.folder().path().resolve(track.file());
      if (Recordings.isCast(track)) {
        cast(file);
        told = true;
      } else if (Files.exists(file)) {
        told |= transfer(file);
      }
      whole &= isWhole(track);
    }
    if (!told && whole) {
      Recordings.terminalTrack(found); // says what there is instead
    }
    return whole ? DONE : FAILED;
  }

  private void cast(Path file) throws CommandFailed, IOException {
    CastCode wanted = input ? CastCode.Known.INPUT : CastCode.Known.OUTPUT;
    CastBytes exact = new CastBytes();
    try (CastFile cast = new CastFile(file)) {
      for (CastEvent event = cast.next(); event != null; event = cast.next()) {
        byte[] bytes = exact.of(event);
        if (event.code().equals(wanted)) {
          console.raw(bytes);
        }
      }
    }
  }

  /** Whether there was anything that the transfer's protocol does not explain. */
  private boolean transfer(Path file) throws IOException {
    AtomicBoolean told = new AtomicBoolean();
    TransferBytes.read(
        file,
        some -> {
          if (some.input() == input) {
            console.raw(some.bytes());
            told.set(true);
          }
        });
    return told.get();
  }

  private boolean isWhole(TrackRecord track) {
    boolean whole = true;
    for (Payload payload : track.payloads()) {
      long lost = payload.bytes() - payload.kept();
      if (lost > 0 && payload.direction().equals("input") == input) {
        whole = false;
        console.flush();
        console.error(
            track.name()
                + ": "
                + Units.show(lost)
                + " of "
                + payload.direction()
                + " are not text and were not kept (recording.payload_limit); sha256 of all "
                + Units.show(payload.bytes())
                + " that are not text: "
                + payload.sha256());
      }
    }
    return whole;
  }
}
