package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names and commands in Latin-1, as old file servers have them: they arrive byte by byte, and the
 * recording says which bytes they were. Java cannot name such files, so shells do.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LatinNamesTest {

  @TempDir static Path home;
  private static LiveGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    Needs.program("openssh", "sftp");
    gateway = LiveGateway.start(home, new NamespaceEngine(SandboxLimits.DEFAULT));
    Files.writeString(
        home.resolve("names.sh"),
        """
        name=$'caf\\xe9.txt' host=%s options='%s'
        ssh() { command ssh $options "$@"; }
        scp() { command scp $options -O "$@"; }
        sftp() { command sftp $options -b - $host; }
        """
            .formatted(LiveGateway.USER + "@127.0.0.1", String.join(" ", gateway.clientOptions())));
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  /** Runs a script in bash, in a folder of its own. */
  private static Shell.Result bash(String folder, String script) throws Exception {
    Path place = Files.createDirectory(home.resolve(folder));
    return Shell.run(place, "bash", "-c", ". ../names.sh\n" + script);
  }

  @Test
  void bytesOfACommandReachTheShell() throws Exception {
    Shell.Result result = bash("plain", "ssh $host $'printf %s \\xe9\\xff\\x80'").expect(0);
    assertThat(result.out()).containsExactly(0xe9, 0xff, 0x80);
    SessionRecord record = gateway.sealed("$'printf %s \\xe9\\xff\\x80'");
    assertThat(Files.readString(gateway.file(record, "exec-1.cast")))
        .contains("\"command\": \"$'printf %s \\\\xe9\\\\xff\\\\x80'\"");
  }

  @Test
  void bytesOfAVariableReachTheProgram() throws Exception {
    Shell.Result result =
        bash(
                "variable",
                "export LC_NAME=$'\\xe9\\xe8'; ssh -o SendEnv=LC_NAME $host 'printf %s \"$LC_NAME\"'")
            .expect(0);
    assertThat(result.out()).containsExactly(0xe9, 0xe8);
  }

  /** All in one connection, so that one sandbox sees it. */
  @Test
  void oldScpCarriesTheNameBothWays() throws Exception {
    Shell.Result result =
        bash(
                "scp",
                """
                set -e
                echo one >"$name"
                ssh -M -S ./m -fN $host >/dev/null 2>&1
                options="$options -o ControlPath=./m"
                scp "$name" $host:$'up_\\xe9'
                scp $host:$'up_\\xe9' $'back\\xe8'
                ssh $host 'ls | od -An -tx1'
                ssh -O exit $host
                ls | od -An -tx1
                """)
            .expect(0);
    assertThat(result.text().replaceAll("\\s+", " "))
        .contains("75 70 5f e9 0a")
        .contains("62 61 63 6b e8 0a 63 61 66 e9 2e 74 78 74 0a");
    SessionRecord record = gateway.sealed("$'scp -t up_\\xe9'");
    assertThat(Files.readString(gateway.file(record, "files-1.jsonl")))
        .contains("\"path\":\"caf\\\\xe9.txt\",\"target\":\"up_\\\\xe9\"");
    assertThat(Files.readString(gateway.file(record, "files-2.jsonl")))
        .contains("\"operation\":\"read\",\"path\":\"up_\\\\xe9\"");
  }

  @Test
  void sftpCarriesTheNameBothWays() throws Exception {
    Shell.Result result =
        bash(
                "sftp",
                """
                set -e
                echo one >"$name"
                printf 'put %s %s\\nget %s back\\351\\n-rm caf\\\\\\\\xe9.txt\\n' "$name" "$name" "$name" | sftp
                ls | od -An -tx1
                """)
            .expect(0);
    assertThat(result.text().replaceAll("\\s+", " "))
        .contains("62 61 63 6b e9 0a 63 61 66 e9 2e 74 78 74 0a");
    SessionRecord record =
        gateway.sealed(known -> known.tracks().getFirst().command().equals("sftp"));
    assertThat(Files.readString(gateway.file(record, "files-1.jsonl")))
        .contains("/caf\\\\xe9.txt\"")
        .as("a name that has a backslash itself is another one")
        .contains("/caf\\\\x5cxe9.txt\"");
  }

  @Test
  void rsyncCarriesTheNameBothWays() throws Exception {
    Needs.program("rsync", "rsync");
    Shell.Result result =
        bash(
                "rsync",
                """
                set -e
                echo one >"$name"
                ssh -M -S ./m -fN $host >/dev/null 2>&1
                options="$options -o ControlPath=./m"
                rsync -e "ssh $options" "$name" $host:$'sync\\xe8'
                rsync -e "ssh $options" $host:$'sync\\xe8' $'back\\xe8'
                ssh $host 'ls | od -An -tx1'
                ssh -O exit $host
                ls | od -An -tx1
                """)
            .expect(0);
    assertThat(result.text().replaceAll("\\s+", " "))
        .contains("73 79 6e 63 e8 0a")
        .contains("62 61 63 6b e8 0a 63 61 66 e9 2e 74 78 74 0a");
  }

  @Test
  void aCommandWithAZeroByteIsRefusedWithAReason() throws Exception {
    // No client that is started by a command line can send one; this one speaks the protocol.
    String python = "/usr/bin/python3";
    boolean there = Shell.run(home, python, "-c", "import paramiko").status() == 0;
    Needs.need("paramiko", there, python + " cannot import paramiko");
    String script =
        """
        import paramiko, sys
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        client.connect("127.0.0.1", %d, "%s", password="%s", look_for_keys=False, allow_agent=False)
        _, out, err = client.exec_command("echo a\\0b")
        sys.stdout.write(str(out.channel.recv_exit_status()) + err.read().decode())
        client.close()
        """
            .formatted(gateway.port(), LiveGateway.USER, LiveGateway.PASSWORD);
    Shell.Result result = Shell.run(home, python, "-c", script).expect(0);
    assertThat(result.text())
        .isEqualTo(
            "126tapedeck: the command has a zero byte in it, which no program can be given\n");
  }
}
