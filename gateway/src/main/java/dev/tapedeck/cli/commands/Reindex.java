package dev.tapedeck.cli.commands;

import dev.tapedeck.catalog.Catalog;
import dev.tapedeck.catalog.CatalogOptions;
import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Surroundings;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Makes the catalog anew from the recordings. */
@Command(
    name = "reindex",
    sortOptions = false,
    description = {
      "Makes the catalog's index of sessions anew from the session.json files. Logins, which are",
      "nowhere else, stay as they are."
    },
    footer = {"", "Example:", "  tapedeck reindex --data /srv/tapedeck"})
public final class Reindex extends SessionCommand {

  public Reindex(Surroundings surroundings, Console console) {
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
    try (Catalog catalog = Catalog.open(file, CatalogOptions.DEFAULT);
        Progress progress = new Progress(console, "sessions", total)) {
      done = catalog.rebuild(new Recordings(recordings, console).stream(), progress::at);
    }
    console.hint(done + " sessions indexed in " + file);
    if (done < total) {
      console.hint((total - done) + " could not be read, or went meanwhile");
    }
    return DONE;
  }
}
