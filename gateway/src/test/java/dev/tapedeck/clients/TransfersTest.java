package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.testing.Needs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** scp, sftp, rsync and paramiko: what they move arrives, and is on record with its checksum. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class TransfersTest {

  private static final byte[] DATA = new byte[3_000_000];

  @TempDir static Path home;
  private static LiveGateway gateway;
  private static Path file;
  private static String sha256;

  @BeforeAll
  static void start() throws Exception {
    Needs.program("openssh", "sftp");
    new Random(3).nextBytes(DATA);
    file = Files.write(home.resolve("data.bin"), DATA);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(DATA));
    gateway = LiveGateway.start(home, new NamespaceEngine(SandboxLimits.DEFAULT));
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  /** The command line of a client that takes OpenSSH's options. */
  private static String[] client(String program, String... arguments) {
    List<String> line = new ArrayList<>(List.of(program));
    line.addAll(gateway.clientOptions());
    line.addAll(List.of(arguments));
    return line.toArray(String[]::new);
  }

  private static String remote(String path) {
    return LiveGateway.USER + "@127.0.0.1:" + path;
  }

  /** Both ways in one connection, so that one sandbox sees both. */
  @Test
  void sftpPutsAndGets() throws Exception {
    Path back = home.resolve("sftp.back");
    String batch = "put " + file + " up.bin\nrename up.bin moved.bin\nget moved.bin " + back + "\n";
    Shell.run(
            home,
            batch.getBytes(StandardCharsets.UTF_8),
            client("sftp", "-b", "-", LiveGateway.USER + "@127.0.0.1"))
        .expect(0);
    assertThat(Files.readAllBytes(back)).isEqualTo(DATA);
    // The one whose file moved.bin is; paramiko speaks SFTP too.
    SessionRecord record =
        gateway.sealed(known ->
            known.tracks().size() == 1 && "sftp".equals(known.tracks().getFirst().command()));
    String lines = Files.readString(gateway.file(record, "files-1.jsonl"));
    assertThat(lines).contains("\"operation\":\"write\"").contains("\"operation\":\"read\"");
    assertThat(lines).contains("\"operation\":\"rename\"").contains("moved.bin");
    assertThat(lines.split(sha256, -1)).as("checksums on record").hasSize(3);
  }

  @Test
  void scpInItsOldProtocolIsOnRecord() throws Exception {
    Shell.run(home, client("scp", "-O", file.toString(), remote("old.bin"))).expect(0);
    SessionRecord record = gateway.sealed("scp -t old.bin");
    String lines = Files.readString(gateway.file(record, "files-1.jsonl"));
    assertThat(lines).contains("\"operation\":\"write\"").contains(sha256);
    assertThat(lines).contains("\"mode\":\"0640\"");
  }

  @Test
  void scpExpandsPatternsAndTheHomeFolderAsEver() throws Exception {
    String ssh = String.join(" ", client("ssh"));
    Path back = Files.createDirectory(home.resolve("patterns"));
    Path script = home.resolve("both");
    String all = "scp -O " + String.join(" ", gateway.clientOptions()) + " ";
    Files.writeString(
        script,
        // One connection, so that one sandbox sees all three.
        """
        set -e
        M="-o ControlPath=%1$s/m -o ControlMaster=auto -o ControlPersist=20"
        %2$s $M %3$s 'echo "echo rc file was read" > .bashrc; echo a > "pat a"; echo b > pat-b'
        %4$s $M '%3$s:~/pat*' '%5$s'
        %2$s -o ControlPath=%1$s/m -O exit %3$s
        """
            .formatted(home, ssh, LiveGateway.USER + "@127.0.0.1", all, back));
    Shell.run(home, "sh", script.toString()).expect(0);
    assertThat(back.resolve("pat a")).hasContent("a");
    assertThat(back.resolve("pat-b")).hasContent("b");
    SessionRecord record = gateway.sealed("scp -f ~/pat*");
    assertThat(Files.readString(gateway.file(record, "files-2.jsonl")))
        .contains("\"path\":\"pat a\"")
        .doesNotContain("unreadable", "rc file");
  }

  @Test
  void rsyncMovesItsFilesAndTheBytesAreOnRecord() throws Exception {
    Needs.program("rsync", "rsync");
    String ssh = String.join(" ", client("ssh"));
    Shell.run(home, "rsync", "-e", ssh, file.toString(), remote("synced.bin")).expect(0);
    SessionRecord record =
        gateway.sealed(known -> known.tracks().stream().anyMatch(t -> isRsync(t.command())));
    assertThat(record.tracks().getFirst().payloads())
        .anySatisfy(payload -> assertThat(payload.bytes()).isGreaterThan(DATA.length));
  }

  private static boolean isRsync(String command) {
    return command != null && command.startsWith("rsync --server");
  }

  @Test
  void paramikoRunsCommandsAndMovesFiles() throws Exception {
    String python = "/usr/bin/python3";
    boolean there = Shell.run(home, python, "-c", "import paramiko").status() == 0;
    Needs.need("paramiko", there, python + " cannot import paramiko");
    String script =
        """
        import paramiko, sys
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        client.connect("127.0.0.1", %d, "%s", password="%s", look_for_keys=False, allow_agent=False)
        _, out, err = client.exec_command("echo from paramiko; echo oops >&2; exit 5")
        status = out.channel.recv_exit_status()
        sys.stdout.write(out.read().decode() + err.read().decode() + str(status) + "\\n")
        sftp = client.open_sftp()
        sftp.put("%s", "p.bin")
        sys.stdout.write(str(sftp.stat("p.bin").st_size) + "\\n")
        client.close()
        """
            .formatted(gateway.port(), LiveGateway.USER, LiveGateway.PASSWORD, file);
    Shell.Result result = Shell.run(home, python, "-c", script).expect(0);
    assertThat(result.text()).isEqualTo("from paramiko\noops\n5\n" + DATA.length + "\n");
    SessionRecord record = gateway.sealed("echo from paramiko; echo oops >&2; exit 5");
    assertThat(record.attributes()).containsEntry("login", "password");
    assertThat(Files.readString(gateway.file(record, "files-2.jsonl"))).contains(sha256);
  }
}
