package dev.tapedeck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the table of DESIGN.md: which room of the gateway may use which. Reads compiled classes, so
 * that no import, qualified name, signature or annotation is missed.
 */
class WallsTest {

  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("event", Set.of()),
          Map.entry("session", Set.of("event")),
          Map.entry("storage", Set.of("event")),
          Map.entry("recording", Set.of("event", "session", "storage", "formats")),
          Map.entry("catalog", Set.of("event", "session", "formats")),
          Map.entry("live", Set.of("event", "session", "formats")),
          Map.entry("auth", Set.of("event")),
          Map.entry("coding", Set.of("formats")),
          Map.entry("sandbox", Set.of("event")),
          Map.entry("pump", Set.of("event", "session", "sandbox")),
          Map.entry("ssh", Set.of("event", "session", "auth", "sandbox", "pump")),
          Map.entry("api", Set.of("event", "session", "auth", "formats")),
          Map.entry("web", Set.of("catalog", "storage", "live", "auth", "event", "formats")),
          Map.entry("tui", Set.of("live", "catalog", "event", "formats")),
          Map.entry(
              "cli",
              Set.of(
                  "event",
                  "session",
                  "storage",
                  "recording",
                  "catalog",
                  "live",
                  "auth",
                  "sandbox",
                  "pump",
                  "ssh",
                  "api",
                  "web",
                  "tui",
                  "formats")));

  private static final String ROOT = "dev/tapedeck/";
  private static final Pattern ROOM = Pattern.compile(ROOT + "([a-z]+)/");

  @Test
  void roomsUseWhatTheTableAllows() throws IOException {
    assertThat(violations(MAY_USE)).isEmpty();
  }

  @Test
  void everyClassLiesInARoomOfTheTable() throws IOException {
    assertThat(classes()).isNotEmpty().allMatch(name -> MAY_USE.containsKey(roomOf(name)));
  }

  @Test
  void everyRoomSaysWhatItIsFor() throws IOException {
    Set<String> packages = new TreeSet<>();
    for (String name : classes()) {
      packages.add(name.substring(0, name.lastIndexOf('/') + 1));
    }
    assertThat(packages)
        .allSatisfy(
            folder -> assertThat(compiled().resolve(folder + "package-info.class")).exists());
  }

  /** The test of the test: a table that forbids what the rooms do is found to be broken. */
  @Test
  void aForbiddenUseIsFound() throws IOException {
    assertThat(violations(Map.of("session", Set.of())))
        .anyMatch(violation -> violation.matches("session/\\S+ uses event"));
    assertThat(violations(Map.of("session", Set.of("event")))).isEmpty();
  }

  /** Each class of a room in the table that uses another room which the table does not allow. */
  private static List<String> violations(Map<String, Set<String>> mayUse) throws IOException {
    List<String> violations = new ArrayList<>();
    for (String name : classes()) {
      String room = roomOf(name);
      Set<String> allowed = mayUse.get(room);
      if (allowed == null) {
        continue;
      }
      for (String used : roomsUsedBy(compiled().resolve(name))) {
        if (!used.equals(room) && !allowed.contains(used)) {
          violations.add(name.substring(ROOT.length()) + " uses " + used);
        }
      }
    }
    return violations;
  }

  /** Names of classes, descriptors and signatures are all text in the constant pool. */
  private static Set<String> roomsUsedBy(Path file) throws IOException {
    ClassModel model = ClassFile.of().parse(Files.readAllBytes(file));
    Set<String> rooms = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof Utf8Entry text) {
        ROOM.matcher(text.stringValue())
            .results()
            .map((MatchResult match) -> match.group(1))
            .forEach(rooms::add);
      }
    }
    return rooms;
  }

  private static String roomOf(String classFile) {
    int end = classFile.indexOf('/', ROOT.length());
    return end < 0 ? "" : classFile.substring(ROOT.length(), end);
  }

  private static Path compiled() {
    return Path.of(System.getProperty("tapedeck.root"), "gateway", "target", "classes");
  }

  /** The class files of the program, relative to the folder of all. */
  private static List<String> classes() throws IOException {
    Path compiled = compiled();
    try (Stream<Path> files = Files.walk(compiled.resolve(ROOT))) {
      return files
          .map(file -> compiled.relativize(file).toString())
          .filter(name -> name.endsWith(".class"))
          .sorted()
          .toList();
    }
  }
}
