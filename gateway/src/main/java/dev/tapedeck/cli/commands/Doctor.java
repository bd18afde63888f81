package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.ConfigFile;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Units;
import dev.tapedeck.formats.coding.Codecs;
import dev.tapedeck.formats.coding.Coding;
import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.Finding;
import dev.tapedeck.sandbox.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Says what this machine can do, and what is missing for the rest. */
@Command(
    name = "doctor",
    sortOptions = false,
    description = {
      "Checks what works on this machine and says what to install for the rest. The exit code is 1",
      "if the configured sandbox engine or the data folder cannot be used."
    })
public final class Doctor extends SessionCommand {

  /** With less room than this, in bytes, recordings will soon have gaps. */
  private static final long LITTLE_DISK = 1L << 30;

  private static final String HERE = "tapedeck";

  private final Function<Config, List<Engine>> engines;

  @Option(names = "--json", description = "One JSON object per finding.")
  boolean json;

  /**
   * @param engines every engine there is, as the configuration would have it
   */
  public Doctor(Environment surroundings, Console console, Function<Config, List<Engine>> engines) {
    super(surroundings, console);
    this.engines = engines;
  }

  private record Row(String area, Finding finding) {}

  @Override
  public Integer call() throws ConfigException {
    ConfigFile file = store.load(surroundings);
    Config config = file.config();
    List<Row> rows = new ArrayList<>();
    general(file, rows);
    for (Engine engine : engines.apply(config)) {
      try (engine) {
        engine.examine().forEach(finding -> rows.add(new Row(engine.name(), finding)));
      }
    }
    print(rows);
    String needed = config.sandbox().engine().written();
    boolean works =
        rows.stream()
            .filter(row -> row.area().equals(HERE) || row.area().equals(needed))
            .noneMatch(row -> row.finding().level() == Level.MISSING);
    if (!json) {
      console.line("");
      console.line(
          works
              ? "Ready to serve with the " + needed + " engine."
              : "Not ready to serve with the " + needed + " engine: see what is marked with ✗.");
    }
    return works ? DONE : FAILED;
  }

  private void general(ConfigFile file, List<Row> rows) {
    rows.add(row(Level.GOOD, "Java", Runtime.version() + " in " + System.getProperty("java.home")));
    Path read = file.file();
    rows.add(row(Level.GOOD, "configuration", read == null ? "the defaults" : read.toString()));
    file.warnings().forEach(warning -> rows.add(row(Level.LESSER, "configuration", warning)));
    Path data = file.config().data();
    rows.add(folder("data folder", data));
    if (!file.config().recordings().startsWith(data)) {
      rows.add(folder("recordings", file.config().recordings()));
    }
    rows.add(coding(Coding.BROTLI));
    rows.add(coding(Coding.ZSTD));
    rows.add(tool("ssh", "OpenSSH's client, to try the gateway with"));
    rows.add(tool("asciinema", "plays and publishes the recordings"));
  }

  private static Row coding(Coding coding) {
    String name = "content coding " + coding.token();
    return Codecs.here()
        .missing(coding)
        .map(why -> row(Level.LESSER, name, "bodies in it are not decoded: " + why))
        .orElseGet(() -> row(Level.GOOD, name, "bodies in it are decoded"));
  }

  private static Row folder(String name, Path folder) {
    Path there = folder;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      return row(Level.MISSING, name, folder + " cannot be written to");
    }
    try {
      long free = Files.getFileStore(there).getUsableSpace();
      String detail =
          folder
              + (there.equals(folder) ? "" : " (not made yet)")
              + ", "
              + Units.show(free)
              + " free";
      return row(free < LITTLE_DISK ? Level.LESSER : Level.GOOD, name, detail);
    } catch (IOException e) {
      return row(Level.LESSER, name, "free space is unknown: " + Sentence.of(e));
    }
  }

  private Row tool(String name, String what) {
    for (String folder : surroundings.environment().getOrDefault("PATH", "").split(":", -1)) {
      Path file = Path.of(folder.isEmpty() ? "." : folder, name);
      if (Files.isExecutable(file)) {
        return row(Level.GOOD, name, file.toString());
      }
    }
    return row(Level.LESSER, name, "not on PATH: " + what);
  }

  private static Row row(Level level, String subject, String detail) {
    return new Row(HERE, new Finding(level, subject, detail));
  }

  private void print(List<Row> rows) {
    if (json) {
      JsonMapper mapper = new JsonMapper();
      for (Row row : rows) {
        console.line(
            mapper.writeValueAsString(
                mapper
                    .createObjectNode()
                    .put("area", row.area())
                    .put("level", row.finding().level().name().toLowerCase(Locale.ROOT))
                    .put("subject", row.finding().subject())
                    .put("detail", row.finding().detail())));
      }
      return;
    }
    Table table = new Table(" ", "AREA", "SUBJECT", "FINDING");
    for (Row row : rows) {
      table.row(
          sign(row.finding().level()), row.area(), row.finding().subject(), row.finding().detail());
    }
    table.print(console);
  }

  private static String sign(Level level) {
    return switch (level) {
      case GOOD -> "✓";
      case LESSER -> "~";
      case MISSING -> "✗";
    };
  }
}
