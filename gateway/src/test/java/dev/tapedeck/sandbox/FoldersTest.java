package dev.tapedeck.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tapedeck.sandbox.Snapshot.Change;
import dev.tapedeck.sandbox.Snapshot.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

  @TempDir Path host;

  @Test
  void eachUserIsGivenWhatIsForThem() throws Exception {
    Folders.Mount all = new Folders.Mount(host, "/all", false);
    Folders.Mount some = new Folders.Mount(host, "/some", true);
    FolderRules rules =
        new FolderRules(
            null,
            List.of(
                new FolderRules.Rule(all, List.of()),
                new FolderRules.Rule(some, List.of("alice", "bob"))));
    assertThat(rules.of("alice")).isEqualTo(new Folders("alice", null, List.of(all, some)));
    assertThat(rules.of("carol")).isEqualTo(new Folders("carol", null, List.of(all)));
    assertThat(FolderRules.NONE.of("alice").isEmpty()).isTrue();
  }

  @Test
  void aKeptHomeIsMadeOnceAndIsClosedToOthers() throws Exception {
    FolderRules rules = new FolderRules(host.resolve("homes"), List.of());
    Path home = rules.of("alice").home();
    assertThat(home).isEqualTo(host.resolve("homes/alice"));
    assertThat(Files.getAttribute(home, "unix:mode")).isEqualTo(040700);
    Files.createFile(home.resolve("file"));
    assertThat(rules.of("alice").home().resolve("file")).exists();
  }

  @Test
  void aNameThatLeadsOutOfTheFolderHasNoHome() {
    FolderRules rules = new FolderRules(host.resolve("homes"), List.of());
    for (String name : List.of("..", ".", "a/b", "", "../x", "a\nb")) {
      assertThatThrownBy(() -> rules.of(name)).isInstanceOf(SandboxException.class);
    }
    assertThat(host.resolve("x")).doesNotExist();
  }

  @Test
  void programsStandForWhoeverOwnsWhatTheyWriteTo() throws Exception {
    assumeThat(Files.getAttribute(host, "unix:uid")).isEqualTo(0);
    Path alices = Files.createDirectory(host.resolve("alices"));
    Path bobs = Files.createDirectory(host.resolve("bobs"));
    Files.setAttribute(alices, "unix:uid", 4001);
    Files.setAttribute(bobs, "unix:uid", 4002);
    assertThat(given(new Folders.Mount(alices, "/work", true)).owner()).hasValue(4001);
    assertThatThrownBy(() ->
            given(new Folders.Mount(alices, "/a", true), new Folders.Mount(bobs, "/b", true))
                .owner())
        .hasMessageContaining("different users, [4001, 4002]");
    assertThatThrownBy(() -> given(new Folders.Mount(host, "/work", true)).owner())
        .hasMessageContaining("belongs to root");
    assertThat(given(new Folders.Mount(host, "/work", false)).owner()).isEmpty();
  }

  @Test
  void whatChangedBetweenTwoMomentsIsListed() throws Exception {
    Files.writeString(host.resolve("same"), "1");
    Files.writeString(host.resolve("changed"), "1");
    Files.writeString(host.resolve("removed"), "1");
    List<Folders.Mount> folders = List.of(new Folders.Mount(host, "/code", true));
    Snapshot before = Snapshot.of(folders);
    Files.writeString(host.resolve("changed"), "2");
    Files.setLastModifiedTime(host.resolve("changed"), FileTime.fromMillis(1));
    Files.delete(host.resolve("removed"));
    Files.createDirectory(host.resolve("added"));
    Files.writeString(host.resolve("added/file"), "123");
    assertThat(before.until(Snapshot.of(folders)))
        .containsExactly(
            new Change(Kind.ADDED, "/code/added", 0),
            new Change(Kind.ADDED, "/code/added/file", 3),
            new Change(Kind.CHANGED, "/code/changed", 1),
            new Change(Kind.REMOVED, "/code/removed", 0));
  }

  private static Folders given(Folders.Mount... mounts) throws IOException {
    return new Folders("alice", null, List.of(mounts));
  }
}
