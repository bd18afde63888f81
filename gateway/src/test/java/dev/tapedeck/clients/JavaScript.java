package dev.tapedeck.clients;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.testing.Needs;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The scripts in {@code src/test/js} with their packages, which npm installs once. */
final class JavaScript {

  private static final Path SOURCES = Path.of("src", "test", "js");
  private static final Path HOME = Path.of("target", "js");

  private JavaScript() {}

  /** Installs what the scripts need; the test is skipped where that cannot be had. */
  static synchronized void install() throws Exception {
    Needs.program("npm", "npm");
    Needs.program("npm", "node");
    Files.createDirectories(HOME);
    // Tests run in several JVMs at once.
    try (FileChannel file =
            FileChannel.open(
                HOME.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.lock()) {
      if (lock.isValid()) {
        installAlone();
      }
    }
  }

  private static void installAlone() throws Exception {
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = HOME.resolve(file.getFileName());
        if (!Files.exists(copy) || Files.mismatch(file, copy) >= 0) {
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    Path installed = HOME.resolve("installed");
    String wanted = Files.readString(HOME.resolve("package-lock.json"));
    if (Files.exists(installed) && Files.readString(installed).equals(wanted)) {
      return;
    }
    Shell.Result npm = Shell.run(HOME, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    Needs.need("npm", npm.status() == 0, "its packages cannot be had: " + npm.err());
    Files.writeString(installed, wanted);
  }

  /** Runs a script; what it printed, line by line. */
  static List<Obj> run(String script, String... arguments) throws Exception {
    List<Obj> lines = new ArrayList<>();
    for (String line : text(script, arguments).lines().toList()) {
      lines.add((Obj) Json.parse(line));
    }
    return lines;
  }

  static String text(String script, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("node", script));
    command.addAll(List.of(arguments));
    return Shell.run(HOME, command.toArray(String[]::new)).expect(0).text();
  }
}
