package dev.tapedeck.cli.commands;

import dev.tapedeck.catalog.FileOperation;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.event.SessionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Lists the files that were moved. */
@Command(
    name = "files",
    sortOptions = false,
    description = {
      "Lists the files that were uploaded and downloaded by SFTP and SCP: of one session or track,",
      "or of all, the newest session first. SHA-256 is of the bytes that were moved, where they",
      "were moved in order from the file's beginning to its end."
    },
    footer = {
      "",
      "Examples:",
      "  tapedeck files",
      "  tapedeck files latest",
      "  tapedeck files --json | jq -r 'select(.direction == \"upload\") | .sha256'"
    })
public final class FilesCommand extends SessionCommand {

  @Parameters(
      paramLabel = "SESSION[/TRACK]",
      arity = "0..1",
      description =
          "An id, the unique beginning of one, or latest; then perhaps a track. All by default.")
  @Nullable String session;

  @Option(names = "--json", description = "One JSON object per file.")
  boolean json;

  public FilesCommand(Environment surroundings, Console console) {
    super(surroundings, console);
  }

  /** A file, and whose it is. */
  private record Row(SessionId session, FileOperation file) {}

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException {
    Recordings recordings = recordings();
    List<String> problems = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (Recordings.Found found :
        session == null ? recordings.all() : List.of(recordings.find(session))) {
      for (FileOperation file : FileTable.read(found, problems)) {
        if (json) {
          row(found.session().id(), file);
        } else {
          rows.add(new Row(found.session().id(), file));
        }
      }
    }
    if (!json) {
      print(recordings, rows);
    }
    console.flush();
    problems.forEach(console::error);
    return problems.isEmpty() ? DONE : FAILED;
  }

  private void row(SessionId id, FileOperation file) {
    ObjectNode node = JsonMapper.shared().createObjectNode().put("session", id.toString());
    FileTable.json(file, node);
    console.line(JsonMapper.shared().writeValueAsString(node));
  }

  private void print(Recordings recordings, List<Row> rows) throws IOException {
    if (rows.isEmpty()) {
      console.hint("No files were moved.");
      return;
    }
    int length = recordings.shortLength(rows.stream().map(Row::session).distinct().toList());
    Table table = new Table("TRACK", ">TIME", "DIRECTION", ">SIZE", "PATH", "SHA-256");
    for (Row row : rows) {
      FileOperation file = row.file();
      table.row(
          row.session().toString().substring(0, length) + "/" + file.track(),
          FileTable.time(file),
          file.direction(),
          FileTable.size(file),
          FileTable.path(file),
          FileTable.sha256(file));
    }
    table.print(console);
  }
}
