package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.Finding;
import dev.tapedeck.sandbox.Folders;
import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.sandbox.Reach;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.SandboxProcess;
import dev.tapedeck.sandbox.Service;
import dev.tapedeck.sandbox.none.NoneEngine;
import dev.tapedeck.testing.Needs;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** While the gateway stops, nobody gets in. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StoppingTest {

  private static final String LATECOMER =
      """
      import paramiko, sys
      t = paramiko.Transport(('127.0.0.1', int(sys.argv[1]))); t.start_client(timeout=20)
      print('here', flush=True)
      sys.stdin.readline()
      try:
          t.auth_publickey('alice', paramiko.Ed25519Key.from_private_key_file(sys.argv[2]))
          t.open_session(timeout=10).exec_command('true')
          print('in', flush=True)
      except Exception as e:
          print('out', flush=True)
      """;

  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch mayClose = new CountDownLatch(1);

  @Test
  void whoComesWhileItStopsIsTurnedAwayAndNoSessionStaysLive(@TempDir Path home) throws Exception {
    Needs.program("openssh", "ssh");
    Needs.pythonModule("paramiko");
    LiveGateway gateway = LiveGateway.start(home, new SlowToClose(new NoneEngine()));
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port());
    Process within = Shell.start(home, gateway.ssh(List.of(), "echo within; sleep 100"));
    await().until(() -> gateway.session("echo within; sleep 100").isPresent());
    Process late =
        Shell.start(
            home,
            List.of(
                "/usr/bin/python3",
                "-W",
                "ignore",
                "-c",
                LATECOMER,
                String.valueOf(gateway.port()),
                gateway.key().toString()));
    assertThat(late.inputReader().readLine()).isEqualTo("here");
    CompletableFuture<Void> stopped =
        CompletableFuture.runAsync(gateway::close, task -> Thread.ofPlatform().start(task));
    try {
      closing.await();
      assertThatThrownBy(() -> connect(address)).isInstanceOf(ConnectException.class);
      try (OutputStream in = late.getOutputStream()) {
        in.write("go\n".getBytes(StandardCharsets.UTF_8));
      }
      assertThat(late.inputReader().readLine()).isEqualTo("out");
    } finally {
      mayClose.countDown();
    }
    stopped.join();
    assertThat(gateway.sessions()).hasSize(1).allMatch(session -> session.ended() != null);
    within.destroy();
  }

  private static void connect(InetSocketAddress address) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(address);
    }
  }

  /** Holds the gateway's end up until the test has seen what it wanted. */
  private final class SlowToClose implements Engine {

    private final Engine engine;

    SlowToClose(Engine engine) {
      this.engine = engine;
    }

    @Override
    public String name() {
      return engine.name();
    }

    @Override
    public Sandbox create(Folders folders) throws SandboxException {
      return new SlowSandbox(engine.create(folders));
    }

    @Override
    public List<Finding> examine() {
      return engine.examine();
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  private final class SlowSandbox implements Sandbox {

    private final Sandbox sandbox;

    SlowSandbox(Sandbox sandbox) {
      this.sandbox = sandbox;
    }

    @Override
    public String id() {
      return sandbox.id();
    }

    @Override
    public String engine() {
      return sandbox.engine();
    }

    @Override
    public java.util.Optional<String> unfiltered() {
      return java.util.Optional.empty();
    }

    @Override
    public boolean healthy() {
      return sandbox.healthy();
    }

    @Override
    public SandboxProcess start(ProcessSpec spec) throws SandboxException {
      return sandbox.start(spec);
    }

    @Override
    public Reach reach(Service service) {
      return sandbox.reach(service);
    }

    @Override
    public void close() {
      closing.countDown();
      try {
        mayClose.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      sandbox.close();
    }
  }
}
