package dev.tapedeck.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people who work in a sandbox find there: their folders, their terminal, their programs. */
public abstract class WorkplaceContract {

  /** An ordinary user's, where the tests run as root. */
  private static final int OWNER = 4001;

  @TempDir Path host;

  private Engine engine;

  protected abstract Engine newEngine() throws Exception;

  @BeforeEach
  void makeEngine() throws Exception {
    engine = newEngine();
    // A sandbox's user passes folders as everybody else does.
    Files.setPosixFilePermissions(host, PosixFilePermissions.fromString("rwx--x--x"));
  }

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  @Test
  void aKeptHomeIsThereTheNextTime() throws Exception {
    FolderRules rules = new FolderRules(host.resolve("homes"), List.of());
    try (Sandbox one = engine.create(rules.of("alice"))) {
      assertThat(Running.output(one, "echo kept >~/file; mkdir ~/.config; cd; cat file"))
          .isEqualTo("kept");
    }
    try (Sandbox two = engine.create(rules.of("alice"))) {
      assertThat(Running.output(two, "cat ~/file; echo more >>~/file; ls -A ~"))
          .isEqualTo("kept\n.config\nfile");
    }
    assertThat(host.resolve("homes/" + "alice" + "/file")).hasContent("kept\nmore\n");
  }

  @Test
  void writableFoldersAreWrittenToAndOthersAreNot() throws Exception {
    Path source = folder("my source");
    Path data = folder("data");
    Files.writeString(data.resolve("read"), "read me\n");
    Folders folders =
        new Folders(
            "alice",
            null,
            List.of(
                new Folders.Mount(source, "/code", true),
                new Folders.Mount(data, "/srv/data", false)));
    try (Sandbox sandbox = engine.create(folders)) {
      assertThat(Running.output(sandbox, "echo written >/code/file; cat /srv/data/read"))
          .isEqualTo("read me");
      assertThat(
              Running.output(
                  sandbox, "echo no >/srv/data/new || rm -f /srv/data/read || echo refused"))
          .endsWith("refused");
    }
    assertThat(source.resolve("file")).hasContent("written\n");
    assertThat(Files.getAttribute(source.resolve("file"), "unix:uid"))
        .isEqualTo(Files.getAttribute(source, "unix:uid"));
    assertThat(data.resolve("read")).exists();
  }

  @Test
  void aTerminalIsNamedAndItsAbsenceToo() throws Exception {
    Sandbox sandbox = engine.create();
    try (Running shell = Running.shell(sandbox)) {
      shell.type("test \"$SSH_TTY\" = \"$(tty)\" && echo same-$((1+1)); exit\n");
      shell.await();
      assertThat(shell.allOutput()).contains("same-2");
    }
    assertThat(Running.output(sandbox, "echo \"<$SSH_TTY>\"")).isEqualTo("<>");
  }

  @Test
  void theSystemSaysWhatItIs() throws Exception {
    Sandbox sandbox = engine.create();
    assertThat(Running.output(sandbox, "cat /etc/os-release")).contains("ID=");
  }

  @Test
  void whatMadeItselfIndependentOutlivesItsProgram() throws Exception {
    Sandbox sandbox = engine.create();
    Running shell = Running.shell(sandbox);
    shell.type("(setsid sh -c 'while :; do sleep 0.1; done' independent >/dev/null 2>&1 &)\n");
    shell.type("echo up-$((1+1)); sleep 1000\n");
    shell.awaitOutput("up-2");
    shell.close();
    shell.await();
    assertThat(
            Running.output(
                sandbox, "cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -c 'done independen[t]'"))
        .isEqualTo("1");
  }

  private Path folder(String name) throws Exception {
    Path folder = Files.createDirectory(host.resolve(name));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    if (Files.getAttribute(folder, "unix:uid").equals(0)) {
      Files.setAttribute(folder, "unix:uid", OWNER);
    }
    return folder;
  }
}
