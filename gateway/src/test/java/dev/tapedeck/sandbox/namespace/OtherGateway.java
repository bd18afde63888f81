package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.Reach;
import dev.tapedeck.sandbox.Running;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.Service;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A gateway in a process of its own, for tests that need it to be another user or to be killed:
 * makes a sandbox, and runs each line of its input in it as a command, printing its output and its
 * exit code; {@code terminal} runs a few words on a terminal, {@code reach PORT} lets the sandbox
 * reach a service on loopback, {@code another} goes on with a new sandbox.
 */
final class OtherGateway {

  private OtherGateway() {}

  public static void main(String[] args) throws Exception {
    try (Engine engine = new NamespaceEngine(SandboxLimits.DEFAULT)) {
      engine.examine().forEach(finding -> System.out.println("finding " + finding));
      Sandbox sandbox = engine.create();
      System.out.println("ready");
      String all = new String(System.in.readNBytes(1), StandardCharsets.UTF_8);
      StringBuilder line = new StringBuilder(all);
      for (int b = System.in.read(); b >= 0; b = System.in.read()) {
        if (b == '\n') {
          sandbox = obey(engine, sandbox, line.toString());
          line.setLength(0);
        } else {
          line.append((char) b);
        }
      }
      sandbox.close();
    }
    System.out.println("bye");
  }

  private static Sandbox obey(Engine engine, Sandbox sandbox, String line) throws Exception {
    if (line.equals("another")) {
      sandbox.close();
      System.out.println("status 0");
      return engine.create();
    }
    if (line.startsWith("reach ")) {
      UnixDomainSocketAddress socket =
          UnixDomainSocketAddress.of(line.substring("reach ".length()));
      long start = System.nanoTime();
      Reach reach = sandbox.reach(new OneSocket(socket));
      long micros = (System.nanoTime() - start) / 1000;
      System.out.println(reach + "\n" + micros + " us\nstatus 0");
    } else {
      run(sandbox, line);
    }
    return sandbox;
  }

  /** A service whose one entrance is there already. */
  private record OneSocket(UnixDomainSocketAddress socket) implements Service {
    @Override
    public InetSocketAddress address() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
    }

    @Override
    public Entrance entrance(String sandbox) {
      return new Entrance() {
        @Override
        public UnixDomainSocketAddress address() {
          return socket;
        }

        @Override
        public void close() {}
      };
    }
  }

  private static void run(Sandbox sandbox, String line) throws Exception {
    boolean terminal = line.startsWith("terminal ");
    try (Running running =
        terminal
            ? Running.terminal(sandbox, line.substring("terminal ".length()))
            : Running.command(sandbox, line)) {
      int status = running.await().number();
      String error = terminal ? "" : running.allError();
      System.out.println(running.allOutput() + error + "status " + status);
    }
  }
}
