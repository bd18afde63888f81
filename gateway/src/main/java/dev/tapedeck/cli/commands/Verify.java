package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.formats.har.HarFormatException;
import dev.tapedeck.formats.har.HarReader;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import dev.tapedeck.storage.Checksums;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** Holds the files of a session against the checksums in its {@code session.json}. */
@Command(
    name = "verify",
    sortOptions = false,
    description = {
      "Checks a session's files against the checksums in its session.json, and that its HAR is valid.",
      "The exit code is 1 if a file was changed, is missing, is not a valid HAR, or was added."
    },
    footer = {"", "Examples:", "  tapedeck verify latest", "  tapedeck verify --all --json"})
public final class Verify extends SessionCommand {

  @ArgGroup(exclusive = true, multiplicity = "1")
  Which which = new Which();

  /** One session or all. */
  static final class Which {
    @Parameters(
        paramLabel = "SESSION",
        description = "A session's ID, a unique prefix of one, or latest.")
    @Nullable String session;

    @Option(names = "--all", description = "Every session.")
    boolean all;
  }

  @Option(names = "--json", description = "One JSON object per file.")
  boolean json;

  private static final String HAR = ".har";
  private static final String JOURNAL = ".journal";

  /** What was found of a file. */
  enum Result {
    OK,
    /** Not sealed yet: the session lives, or was cut short. */
    UNSEALED,
    CHANGED,
    /** As it was recorded, and yet no HAR. */
    INVALID,
    MISSING,
    UNKNOWN;

    boolean isGood() {
      return this == OK || this == UNSEALED;
    }

    String written() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One file; {@code track} is empty for one that belongs to none. */
  private record Checked(String session, String track, String file, Result result) {}

  public Verify(Environment surroundings, Console console) {
    super(surroundings, console);
  }

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException {
    List<Checked> checked = new ArrayList<>();
    String named = which.session;
    if (named == null) {
      for (Recordings.Found found : recordings().all()) {
        check(found, checked);
      }
    } else {
      check(recordings().find(named), checked);
    }
    print(checked);
    List<Checked> bad = checked.stream().filter(file -> !file.result().isGood()).toList();
    console.flush();
    for (Checked file : bad) {
      console.error(file.session() + "/" + file.file() + " " + sentence(file.result()));
    }
    return bad.isEmpty() ? DONE : FAILED;
  }

  private static String sentence(Result result) {
    return switch (result) {
      case OK -> "is as it was recorded";
      case UNSEALED -> "has no checksum yet";
      case INVALID -> "is as it was recorded, but no valid HAR";
      case CHANGED -> "is not what was recorded: its checksum differs";
      case MISSING -> "is missing";
      case UNKNOWN -> "is no file that the session wrote";
    };
  }

  private static void check(Recordings.Found found, List<Checked> checked) throws IOException {
    Path folder = found.folder().path();
    String id = found.session().id().toString();
    Set<String> known = new HashSet<>(Set.of(SessionFolder.SUMMARY));
    for (TrackRecord track : found.session().tracks()) {
      if (found.track() != null && !found.track().name().equals(track.name())) {
        continue;
      }
      known.add(track.file());
      // There while the session lives, and where not all of it could be written into the HAR.
      known.add(track.file() + JOURNAL);
      checked.add(
          new Checked(
              id, track.name(), track.file(), check(folder.resolve(track.file()), track.sha256())));
    }
    if (found.track() == null && found.session().status() != Status.LIVE) {
      for (String name : found.folder().names()) {
        if (!known.contains(name)) {
          checked.add(new Checked(id, "", name, Result.UNKNOWN));
        }
      }
    }
  }

  private static Result check(Path file, @Nullable String sha256) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Result.MISSING;
    }
    if (sha256 == null) {
      return Result.UNSEALED;
    }
    if (!Checksums.sha256(file).equals(sha256)) {
      return Result.CHANGED;
    }
    return file.toString().endsWith(HAR) && !isHar(file) ? Result.INVALID : Result.OK;
  }

  /** Reads it to its end, an entry at a time. */
  private static boolean isHar(Path file) throws IOException {
    try (HarReader reader = HarReader.of(Files.newInputStream(file))) {
      HarReader.Item item;
      do {
        item = reader.next();
      } while (item != null);
      return true;
    } catch (HarFormatException e) {
      return false;
    }
  }

  private void print(List<Checked> checked) {
    if (json) {
      JsonMapper mapper = new JsonMapper();
      for (Checked file : checked) {
        console.line(
            mapper.writeValueAsString(
                mapper
                    .createObjectNode()
                    .put("session", file.session())
                    .put("track", file.track().isEmpty() ? null : file.track())
                    .put("file", file.file())
                    .put("result", file.result().written())));
      }
      return;
    }
    Table table = new Table("SESSION", "FILE", "RESULT");
    checked.forEach(file -> table.row(file.session(), file.file(), file.result().written()));
    table.print(console);
  }
}
