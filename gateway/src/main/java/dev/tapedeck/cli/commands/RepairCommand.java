package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Surroundings;
import dev.tapedeck.recording.CrashRepair;
import dev.tapedeck.storage.Repair;
import java.io.IOException;
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
      "each recording ends at its last whole line, and its status is truncated."
    })
public final class RepairCommand extends SessionCommand {

  @Option(names = "--json", description = "One JSON object per session.")
  boolean json;

  public RepairCommand(Surroundings surroundings, Console console) {
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
    outcome.failures().forEach(console::error);
    return outcome.failures().isEmpty() ? DONE : FAILED;
  }
}
