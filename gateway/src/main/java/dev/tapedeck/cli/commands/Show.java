package dev.tapedeck.cli.commands;

import dev.tapedeck.catalog.ExchangeRecord;
import dev.tapedeck.catalog.FileOperation;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Units;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.recording.SessionJson;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.Payload;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one session. */
@Command(
    name = "show",
    sortOptions = false,
    description = {
      "Shows one session: who, when, how it ended, its tracks, API exchanges with their tokens,",
      "transferred files, and gaps."
    },
    footer = {"", "Examples:", "  tapedeck show latest", "  tapedeck show 019a5b --json"})
public final class Show extends SessionCommand {

  @Parameters(
      paramLabel = "SESSION",
      description = "A session's ID, a unique prefix of one, or latest.")
  String session = "";

  private static final int NAME_CELLS = 21;

  @Option(names = "--json", description = "One JSON object.")
  boolean json;

  public Show(Environment surroundings, Console console) {
    super(surroundings, console);
  }

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException {
    Recordings.Found found = recordings().find(session);
    List<String> problems = new ArrayList<>();
    List<ExchangeRecord> exchanges = exchanges(found, problems);
    List<FileOperation> files = FileTable.read(found, problems);
    if (json) {
      console.line(
          SessionJson.shown(
              found.session(),
              array -> ExchangeTable.json(exchanges, array),
              array -> files.forEach(file -> FileTable.json(file, array.addObject()))));
    } else {
      print(found, exchanges, files);
    }
    console.flush();
    problems.forEach(console::error);
    return problems.isEmpty() ? DONE : FAILED;
  }

  /** From the HARs: they have those of a session that the catalog does not know, too. */
  private static List<ExchangeRecord> exchanges(Recordings.Found found, List<String> problems) {
    List<ExchangeRecord> exchanges = new ArrayList<>();
    for (TrackRecord track : found.session().tracks()) {
      if (!Recordings.isHar(track)) {
        continue;
      }
      try (HarTrack har = new HarTrack(found, track)) {
        for (Obj entry = har.next(); entry != null; entry = har.next()) {
          exchanges.add(ExchangeRecord.of(track.name(), entry));
        }
      } catch (NoSuchFileException e) {
        // A live session whose first exchange is not over yet.
        if (track.sha256() != null) {
          problems.add(Sentence.of(e));
        }
      } catch (CommandFailed | IOException e) {
        problems.add(Sentence.of(e));
      }
    }
    // Entries are written as they end.
    exchanges.sort(Comparator.comparingLong(ExchangeRecord::startedMillis));
    return exchanges;
  }

  private void print(
      Recordings.Found found, List<ExchangeRecord> exchanges, List<FileOperation> files) {
    head(found.session());
    entry("folder", found.folder().path().toString());
    new TreeMap<>(found.session().attributes()).forEach(this::entry);
    tracks(found.session());
    if (!exchanges.isEmpty()) {
      console.line("");
      ExchangeTable.print(exchanges, console);
    }
    if (!files.isEmpty()) {
      console.line("");
      FileTable.printFirst(files, console);
    }
    found.session().gaps().forEach(this::gap);
  }

  private void head(SessionRecord shown) {
    entry("session", shown.id().toString());
    entry("kind", shown.kind());
    entry("user", shown.user());
    entry("source", shown.source());
    entry("started", Ls.local(shown.started()));
    if (shown.ended() != null) {
      entry("ended", Ls.local(shown.ended()) + ", after " + Ls.duration(shown));
    }
    String reason = shown.reason();
    entry("status", Ls.written(shown.status()) + (reason == null ? "" : " (" + reason + ")"));
  }

  private void entry(String name, String value) {
    console.folded(Table.printable(String.format("%-20s %s", name, value)), NAME_CELLS);
  }

  private void tracks(SessionRecord shown) {
    console.line("");
    if (shown.tracks().isEmpty()) {
      console.line("No tracks.");
      return;
    }
    Table table = new Table("TRACK", ">START", ">EVENTS", ">BYTES", ">EXIT", "FILE", "COMMAND");
    for (TrackRecord track : shown.tracks()) {
      Integer exit = track.exitStatus();
      String command = track.command();
      table.row(
          track.name(),
          Units.show(Duration.ofMillis(track.startedMillis())),
          Long.toString(track.events()),
          Units.show(track.bytes()),
          exit == null ? "-" : exit.toString(),
          track.file(),
          command == null ? "" : command);
    }
    table.print(console);
    for (TrackRecord track : shown.tracks()) {
      track.payloads().forEach(payload -> payload(track, payload));
    }
  }

  private void payload(TrackRecord track, Payload payload) {
    console.folded(
        Table.printable(
            track.name()
                + ": "
                + payload.direction()
                + " has bytes that are not text from byte "
                + payload.offset()
                + " on: "
                + Units.show(payload.bytes())
                + ", sha256 "
                + payload.sha256()
                + (payload.kept() == payload.bytes()
                    ? ", kept"
                    : ", of which " + Units.show(payload.kept()) + " were kept")),
        2);
  }

  private void gap(Gap gap) {
    Long to = gap.toMillis();
    console.folded(
        Table.printable(
            "Gap in "
                + gap.track()
                + " from "
                + Units.show(Duration.ofMillis(gap.fromMillis()))
                + (to == null ? " to its end" : " to " + Units.show(Duration.ofMillis(to)))
                + ": "
                + gap.events()
                + " events, "
                + Units.show(gap.bytes())
                + " ("
                + gap.reason()
                + ")"),
        2);
  }
}
