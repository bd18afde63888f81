package dev.tapedeck.cli.commands;

import dev.tapedeck.catalog.Catalog;
import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Makes the catalog anew from the recordings. */
@Command(
    name = "reindex",
    sortOptions = false,
    description = {
      "Makes the catalog anew from the recordings: sessions, exchanges, and the words that 'search'",
      "finds. Logins, which are nowhere else, stay as they are."
    },
    footer = {"", "Example:", "  tapedeck reindex --data /srv/tapedeck"})
public final class Reindex extends SessionCommand {

  public Reindex(Environment surroundings, Console console) {
    super(surroundings, console);
  }

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException {
    Config config = config();
    Path file = config.catalogFile();
    if (file == null) {
      throw new CommandFailed("there is no catalog to make: it is switched off");
    }
    RecordingStore recordings = new RecordingStore(config.recordings());
    long total;
    try (Stream<SessionFolder> folders = recordings.list()) {
      total = folders.count();
    }
    long done;
    try (Catalog catalog = Catalog.open(file, config.catalogOptions())) {
      Recordings all = new Recordings(recordings, console);
      try (Progress progress = new Progress(console, "sessions", total)) {
        done = catalog.rebuild(all.stream(), progress::at);
      }
      try (Progress progress = new Progress(console, "sessions' words", total)) {
        contents(catalog, all, progress);
      }
      catalog.reindexed();
    }
    console.hint(done + " sessions indexed in " + file);
    if (done < total) {
      console.hint((total - done) + " could not be read, or went meanwhile");
    }
    return DONE;
  }

  /** One session after the other: others can write between, and find the old words until then. */
  private void contents(Catalog catalog, Recordings all, Progress progress) throws IOException {
    List<String> problems = new ArrayList<>();
    long done = 0;
    for (Recordings.Found found : all.all()) {
      problems.addAll(catalog.rebuildContents(found.session(), found.folder().path()));
      progress.at(++done);
    }
    problems.forEach(problem -> console.error("not all of it is indexed: " + problem));
  }
}
