package dev.tapedeck.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.sandbox.FolderRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the section {@code sandbox} may say. */
class SandboxReaderTest {

  @TempDir Path folder;

  private Config read(String text) throws IOException, ConfigException {
    Path file = Files.writeString(folder.resolve("config.yaml"), text);
    Environment surroundings =
        new Environment(Map.of(), Path.of("/home/ann"), Path.of("/work"), "ann");
    return ConfigFile.load(file, surroundings).config();
  }

  @Test
  void aHoneypotGivesNoFolders() throws Exception {
    String honeypot = "ssh: { accept_all_after_failures: 3 }\n";
    assertThat(read(honeypot).ssh().acceptAllAfterFailures()).isEqualTo(3);
    for (String folders :
        List.of("home: kept", "mounts: [ { host: /usr, sandbox: /work, users: [alice] } ]")) {
      assertThatThrownBy(() -> read(honeypot + "sandbox: { " + folders + " }"))
          .hasMessageContaining("a honeypot lets anybody in");
    }
  }

  @Test
  void mountsGoWhereASandboxHasNothingOfItsOwn() {
    for (String inside : List.of("work", "/", "/etc/x", "/home/alice/x", "/srv/../etc", "/a b")) {
      String mount = "{ host: /usr, sandbox: \"" + inside + "\" }";
      assertThatThrownBy(() -> read("sandbox: { mounts: [ " + mount + " ] }"))
          .as(inside)
          .hasMessageContaining("a folder in a sandbox must be an absolute path");
    }
    assertThatThrownBy(() -> read("sandbox: { mounts: [ { sandbox: /work } ] }"))
        .hasMessageContaining("a mount without host");
    assertThatThrownBy(() -> read("sandbox: { keep: 1h }")).hasMessageContaining("add per: user");
  }

  @Test
  void homesAreKeptInTheDataFolderAndRootsWhereSandboxesReachThem() throws Exception {
    Config kept = read("sandbox: { home: kept }");
    assertThat(kept.sandbox().folders(kept.data(), false).homes())
        .isEqualTo(kept.data().resolve("homes"));
    assertThat(kept.sandbox().folders(kept.data(), true).homes())
        .isEqualTo(Path.of("/var/lib/tapedeck/homes"));
    assertThat(read("").sandbox().folders(kept.data(), false)).isEqualTo(FolderRules.NONE);
  }
}
