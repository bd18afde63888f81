package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What OpenSSH's client does that others do not: many channels on one connection, many keys. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ManyChannelsTest {

  @TempDir static Path home;
  private static LiveGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    Needs.program("openssh", "ssh");
    gateway = LiveGateway.start(home, new NamespaceEngine(SandboxLimits.DEFAULT));
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  /** How often all 256 exit statuses are asked for: {@code -Dtapedeck.rounds=10} takes minutes. */
  private static final int ROUNDS = Integer.getInteger("tapedeck.rounds", 2);

  /** Runs a master, then a script in which {@code $mux} is a client of it. */
  private static String muxed(String script) throws Exception {
    String all =
        """
        DEST=%s@127.0.0.1
        ssh %s -M -S m -fN "$DEST" || exit 99
        mux="ssh -S m $DEST"
        %s
        ssh -S m -O exit "$DEST" 2>/dev/null
        """
            .formatted(LiveGateway.USER, String.join(" ", gateway.clientOptions()), script);
    return Shell.run(home, "bash", "-c", all).text();
  }

  @Test
  void everyExitStatusComesBackThoughTheClientHasNoInput() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String wrong =
          muxed(
              """
              check() {
                $mux "exit $1" </dev/null; got=$?
                [ $got = $1 ] || echo "exit $1 came back as $got"
              }
              for code in $(seq 0 4 255); do
                check $code & check $((code + 1)) & check $((code + 2)) & check $((code + 3))
                wait
              done
              """);
      assertThat(wrong).isEmpty();
    }
  }

  @Test
  void theLastOutputAndErrorsComeBeforeTheStatus() throws Exception {
    String wrong =
        muxed(
            """
            for i in $(seq 50); do
              got=$($mux "head -c 3000 /dev/zero; head -c 3000 /dev/zero >&2; exit 7" </dev/null 2>&1 | wc -c)
              [ $got = 6000 ] || echo "$got of 6000 bytes"
            done
            """);
    assertThat(wrong).isEmpty();
  }

  @Test
  void fortyCommandsOfOneConnectionAreAllAnswered() throws Exception {
    String answers =
        muxed(
            """
            for i in $(seq 40); do $mux 'sleep 3; echo alive' </dev/null & done >answers
            wait
            grep -c alive answers
            """);
    assertThat(answers.strip()).isEqualTo("40");
  }

  @Test
  void aChannelTooManyIsRefusedAndTheOthersGoOn() throws Exception {
    String answers =
        muxed(
            """
            mkfifo fifo; exec 4<>fifo
            for i in $(seq 70); do $mux 'read x; echo alive' <fifo 4>&- 2>/dev/null & done >answers
            # Who is refused ends at once; the others wait for their input to end.
            until [ $(jobs -r | wc -l) -le 64 ]; do jobs >/dev/null; done
            exec 4>&-
            wait
            grep -c alive answers
            """);
    assertThat(answers.strip()).isEqualTo("64");
  }

  @Test
  void fiveWrongKeysOfAnAgentAreNoReasonToRefuseTheRightOne() throws Exception {
    List<String> line = new ArrayList<>(List.of("ssh"));
    for (int i = 0; i < 9; i++) {
      Path key = home.resolve("wrong" + i);
      Shell.run(home, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString())
          .expect(0);
      line.addAll(List.of("-i", key.toString()));
    }
    line.addAll(gateway.clientOptions());
    line.addAll(List.of("-o", "BatchMode=yes", LiveGateway.USER + "@127.0.0.1", "echo in"));
    assertThat(Shell.run(home, line.toArray(String[]::new)).expect(0).text()).isEqualTo("in\n");
  }

  @Test
  void aForgedSignatureIsOnRecordAsARefusedLogin() throws Exception {
    Needs.pythonModule("paramiko");
    String script =
        """
        import paramiko, sys
        known = paramiko.Ed25519Key.from_private_key_file(sys.argv[2])
        other = paramiko.Ed25519Key.from_private_key_file(sys.argv[3])
        class Forged:
            def __getattr__(self, name): return getattr(known, name)
            def __bytes__(self): return known.asbytes()
            def sign_ssh_data(self, *a): return other.sign_ssh_data(*a)
        t = paramiko.Transport(('127.0.0.1', int(sys.argv[1]))); t.start_client(timeout=20)
        try:
            t.auth_publickey('alice', Forged()); print('IN')
        except paramiko.AuthenticationException as e:
            print('refused')
        """;
    Path other = home.resolve("forger");
    Shell.run(home, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other.toString())
        .expect(0);
    long before = refusedKeys();
    Shell.Result result =
        Shell.run(
            home,
            "/usr/bin/python3",
            "-W",
            "ignore",
            "-c",
            script,
            String.valueOf(gateway.port()),
            gateway.key().toString(),
            other.toString());
    assertThat(result.text()).as(result.err()).isEqualTo("refused\n");
    assertThat(refusedKeys()).isEqualTo(before + 1);
  }

  private static long refusedKeys() {
    return gateway.attempts().stream()
        .filter(a -> a.method().equals("publickey"))
        .filter(a -> a.outcome() == LoginAttempt.Outcome.REFUSED)
        .filter(a -> a.user().equals(LiveGateway.USER))
        .count();
  }

  @Test
  void nothingThatRestsOnSha1IsOffered() throws Exception {
    for (String weak :
        List.of(
            "MACs=hmac-sha1",
            "HostKeyAlgorithms=ssh-rsa",
            "KexAlgorithms=diffie-hellman-group14-sha1")) {
      List<String> options = new ArrayList<>(List.of("-o", weak));
      if (weak.startsWith("MACs")) {
        options.addAll(List.of("-o", "Ciphers=aes128-ctr"));
      }
      List<String> line = gateway.ssh(options, "echo in");
      assertThat(Shell.run(home, line.toArray(String[]::new)).status()).as(weak).isEqualTo(255);
    }
  }

  @Test
  void symbolicLinksPointWhereTheClientSaid() throws Exception {
    Needs.pythonModule("asyncssh");
    String script =
        """
        import asyncio, asyncssh, sys
        async def main():
            async with asyncssh.connect('127.0.0.1', int(sys.argv[1]), username='alice',
                                        client_keys=[sys.argv[2]], known_hosts=None) as c:
                async with c.start_sftp_client() as sftp:
                    await sftp.symlink('/etc/hostname', 'link')
                    print(await sftp.readlink('link'))
        asyncio.run(main())
        """;
    Path file = Files.writeString(home.resolve("links.py"), script);
    assertThat(
            Shell.run(
                    home,
                    "/usr/bin/python3",
                    "-W",
                    "ignore",
                    file.toString(),
                    String.valueOf(gateway.port()),
                    gateway.key().toString())
                .expect(0)
                .text()
                .strip())
        .endsWith("/etc/hostname")
        .doesNotContain("link");
  }
}
