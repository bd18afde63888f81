package dev.tapedeck.cli.commands;

import dev.tapedeck.catalog.Catalog;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.recording.CrashRepair;
import dev.tapedeck.recording.SessionJson;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.storage.Repair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Makes whole what a gateway that died left behind, without starting one. */
@Command(
    name = "repair",
    sortOptions = false,
    description = {
      "Makes whole what a gateway that was ended by force left behind, as the next 'serve' would:",
      "each recording ends at its last whole line, its status is truncated, and the catalog knows."
    })
public final class RepairCommand extends SessionCommand {

  @Option(names = "--json", description = "One JSON object per session.")
  boolean json;

  public RepairCommand(Environment surroundings, Console console) {
    super(surroundings, console);
  }

  @Override
  public Integer call() throws ConfigException, IOException {
    Repair.Outcome outcome = CrashRepair.run(recordingStore());
    JsonMapper mapper = new JsonMapper();
    for (Repair.Repaired repaired : outcome.repaired()) {
      String cuts =
          repaired.cuts().stream()
              .map(cut -> cut.file() + " by " + (cut.from() - cut.to()) + " bytes")
              .collect(Collectors.joining(", "));
      console.line(
          json
              ? mapper.writeValueAsString(
                  mapper
                      .createObjectNode()
                      .put("id", repaired.folder().id().toString())
                      .put("cuts", repaired.cuts().size()))
              : repaired.folder().id() + (cuts.isEmpty() ? " was whole" : " cut: " + cuts));
    }
    if (!json) {
      console.hint(outcome.repaired().size() + " sessions repaired");
    }
    catalog(outcome.repaired());
    outcome.failures().forEach(console::error);
    return outcome.failures().isEmpty() ? DONE : FAILED;
  }

  /** Only one that is there: repairing makes none. */
  private void catalog(List<Repair.Repaired> repaired) throws ConfigException {
    Path file = config().catalogFile();
    if (file == null || !Files.exists(file) || repaired.isEmpty()) {
      return;
    }
    try (Catalog catalog = Catalog.open(file, config().catalogOptions())) {
      for (Repair.Repaired each : repaired) {
        SessionRecord session = SessionJson.read(each.folder());
        catalog.put(session);
        catalog
            .rebuildContents(session, each.folder().path())
            .forEach(problem -> console.error("not all of it is indexed: " + problem));
      }
    } catch (IOException e) {
      console.error(Sentence.of(e) + "; 'tapedeck reindex' makes up for it");
    }
  }
}
