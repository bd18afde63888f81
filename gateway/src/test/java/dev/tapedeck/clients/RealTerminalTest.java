package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.testing.Needs;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Terminals as people have them: with modes, with sizes, and resized at any moment. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RealTerminalTest {

  /** Opens a channel on a connection of paramiko's; the rest of the script is the test's. */
  private static final String CONNECT =
      """
      import paramiko, sys, time
      port, key = int(sys.argv[1]), sys.argv[2]
      t = paramiko.Transport(('127.0.0.1', port))
      t.start_client(timeout=20)
      t.auth_publickey('alice', paramiko.Ed25519Key.from_private_key_file(key))
      c = t.open_session()
      c.settimeout(20)
      def rest():
          data = b''
          while True:
              more = c.recv(4096)
              if not more:
                  return data.decode()
              data += more
      """;

  @TempDir static Path home;
  private static LiveGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    Needs.program("openssh", "ssh");
    Needs.pythonModule("paramiko");
    gateway = LiveGateway.start(home, new NamespaceEngine(SandboxLimits.DEFAULT));
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  private static String paramiko(String script) throws Exception {
    return Shell.run(
            home,
            "/usr/bin/python3",
            "-W",
            "ignore",
            "-c",
            CONNECT + script,
            String.valueOf(gateway.port()),
            gateway.key().toString())
        .expect(0)
        .text()
        .strip();
  }

  @Test
  void aPersonAtATerminalGetsInWithItsModesAndItsSize() throws Exception {
    try (Person person = Person.at(home, new TerminalSize(132, 43))) {
      person.runs("stty intr ^B");
      String ssh = String.join(" ", gateway.ssh(List.of("-tt"), "'stty size; stty -a'"));
      assertThat(person.runs(ssh)).contains("43 132").contains("intr = ^B").contains("cs8");
      assertThat(person.runs("echo status $?")).contains("status 0");
    }
  }

  @Test
  void aResizeBetweenTheTerminalAndTheCommandCounts() throws Exception {
    String command = "stty size; echo between";
    String said =
        paramiko(
            "c.get_pty('xterm', 80, 24); c.resize_pty(101, 41); c.exec_command('%s')\nprint(rest())"
                .formatted(command));
    assertThat(said).startsWith("41 101");
    SessionRecord record = gateway.sealed(command);
    assertThat(gateway.file(record, "exec-1.cast")).content().contains("\"width\": 101");
  }

  @Test
  void aResizeRightAfterTheCommandReachesItAndIsOnRecord() throws Exception {
    String command = "read line; stty size; echo after";
    String said =
        paramiko(
            "c.get_pty('xterm', 80, 24); c.exec_command('%s'); c.resize_pty(103, 43); c.send('go\\n')\nprint(rest())"
                .formatted(command));
    assertThat(said).contains("43 103");
    SessionRecord record = gateway.sealed(command);
    // Before the program began it is the header's, afterwards an event.
    assertThat(gateway.file(record, "exec-1.cast"))
        .content()
        .containsAnyOf("\"width\": 103, \"height\": 43", "\"r\", \"103x43\"");
  }

  @Test
  void aTerminalIsAsLargeAsItWasAskedForAndOnlyTheHeaderIsCut() throws Exception {
    String command = "stty size; echo large";
    String said =
        paramiko(
            "c.get_pty('xterm', 1000, 511); c.exec_command('%s')\nprint(rest())"
                .formatted(command));
    assertThat(said).startsWith("511 1000");
    SessionRecord record = gateway.sealed(command);
    assertThat(gateway.file(record, "exec-1.cast"))
        .content()
        .contains("\"width\": 720, \"height\": 200");
  }
}
