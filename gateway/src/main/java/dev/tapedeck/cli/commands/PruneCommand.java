package dev.tapedeck.cli.commands;

import dev.tapedeck.catalog.Catalog;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Units;
import dev.tapedeck.storage.Prune;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Removes old sessions. */
@Command(
    name = "prune",
    sortOptions = false,
    description = "Removes old sessions, oldest first; never those that live.",
    footer = {
      "",
      "Examples:",
      "  tapedeck prune --older-than 30d --dry-run",
      "  tapedeck prune --max-size 10GiB"
    })
public final class PruneCommand extends SessionCommand {

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      description = "Those whose files nothing was written to for so long (30d).")
  @Nullable String olderThan;

  @Option(
      names = "--max-size",
      paramLabel = "SIZE",
      description = "The oldest, until the rest is no larger (10GiB).")
  @Nullable String maxSize;

  @Option(names = "--dry-run", description = "Only say which.")
  boolean dryRun;

  @Option(names = "--json", description = "One JSON object per session.")
  boolean json;

  public PruneCommand(Environment surroundings, Console console) {
    super(surroundings, console);
  }

  @Override
  public Integer call() throws ConfigException, IOException {
    Duration age = StoreOptions.option("--older-than", olderThan, Units::duration);
    Long size = StoreOptions.option("--max-size", maxSize, Units::size);
    if (age == null && size == null) {
      throw new ConfigException("prune: say --older-than AGE, --max-size SIZE or both");
    }
    Prune.Outcome outcome =
        new Prune(recordingStore()).run(new Prune.Limits(age, size), Instant.now(), dryRun);
    if (!dryRun) {
      forget(outcome);
    }
    print(outcome);
    outcome.failures().forEach(console::error);
    return outcome.failures().isEmpty() ? DONE : FAILED;
  }

  /** Only in a catalog that is there: pruning makes none. */
  private void forget(Prune.Outcome outcome) throws ConfigException, IOException {
    Path file = config().catalogFile();
    if (file == null || !Files.exists(file) || outcome.removed().isEmpty()) {
      return;
    }
    try (Catalog catalog = Catalog.open(file)) {
      for (Prune.Removed removed : outcome.removed()) {
        catalog.delete(removed.id());
      }
    }
  }

  private void print(Prune.Outcome outcome) {
    if (json) {
      JsonMapper mapper = new JsonMapper();
      for (Prune.Removed removed : outcome.removed()) {
        console.line(
            mapper.writeValueAsString(
                mapper
                    .createObjectNode()
                    .put("id", removed.id().toString())
                    .put("bytes", removed.bytes())
                    .put("last_written", removed.lastWritten().toString())
                    .put("removed", !dryRun)));
      }
      return;
    }
    Table table = new Table("SESSION", "LAST WRITTEN", ">SIZE");
    long bytes = 0;
    for (Prune.Removed removed : outcome.removed()) {
      table.row(
          removed.id().toString(), Ls.local(removed.lastWritten()), Units.show(removed.bytes()));
      bytes += removed.bytes();
    }
    if (!table.isEmpty()) {
      table.print(console);
    }
    console.hint(
        outcome.removed().size()
            + (dryRun ? " sessions would go, " : " sessions removed, ")
            + Units.show(bytes)
            + "; "
            + Units.show(outcome.keptBytes())
            + (dryRun ? " would stay" : " stay"));
  }
}
