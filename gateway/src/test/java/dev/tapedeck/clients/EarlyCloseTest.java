package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that have sent their last word when the program's last words are still to be sent. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class EarlyCloseTest {

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

  private static String python(String script) throws Exception {
    Needs.pythonModule("asyncssh");
    Shell.Result result =
        Shell.run(
            home,
            "/usr/bin/python3",
            "-W",
            "ignore",
            "-c",
            "import asyncio, asyncssh, sys\n"
                + "async def connect(): return await asyncssh.connect('127.0.0.1', int(sys.argv[1]),"
                + " username='alice', password=sys.argv[2], known_hosts=None, config=None)\n"
                + script,
            String.valueOf(gateway.port()),
            LiveGateway.PASSWORD);
    assertThat(result.status()).as(result.err()).isZero();
    return result.text();
  }

  @Test
  void lastBytesAndSignalOfAKilledCommandComeThoughTheClientHasSentItsEnd() throws Exception {
    String script =
        """
        LINE = 'head -c 3000 /dev/zero >&2; head -c 3000 /dev/zero; kill -TERM $$'
        async def one(c, i):
            stdin = asyncssh.DEVNULL if i % 2 else asyncssh.PIPE
            p = await c.create_process(LINE, encoding=None, stdin=stdin)
            if i % 4 == 0: p.stdin.write_eof()
            out, err = await p.communicate()
            got = (p.exit_signal and p.exit_signal[0], len(out), len(err))
            if got != ('TERM', 3000, 3000): print(i, got)
        async def main():
            async with await connect() as c:
                for _ in range(10): await asyncio.gather(*[one(c, i) for i in range(12)])
        asyncio.run(main())
        """;
    assertThat(python(script)).isEmpty();
  }

  @Test
  void channelsThatCloseWithTheirInputTakeNothingFromOthers() throws Exception {
    String script =
        """
        async def closer(c):
            p = await c.create_process('cat; echo done >&2; exit 3', encoding=None)
            p.stdin.write(b'x' * 100); p.stdin.write_eof(); p.close(); await p.wait_closed()
        async def other(c, i):
            r = await c.run('echo %d; echo e >&2; exit %d' % (i, i), stdin=asyncssh.DEVNULL)
            got = (r.exit_status, r.stdout, r.stderr)
            if got != (i, '%d\\n' % i, 'e\\n'): print(i, got)
        async def main():
            async with await connect() as c:
                for _ in range(6):
                    await asyncio.gather(*[closer(c) for _ in range(10)],
                                         *[other(c, i) for i in range(10)])
        asyncio.run(main())
        """;
    assertThat(python(script)).isEmpty();
  }

  @Test
  void transfersOverASharedConnectionEndWellWithoutInput() throws Exception {
    byte[] data = new byte[100_000];
    new Random(5).nextBytes(data);
    Files.write(home.resolve("small"), data);
    String script =
        """
        D=%s@127.0.0.1
        set -- %s -o ControlPath=m
        ssh "$@" -M -fN $D || exit 99
        for i in $(seq 12); do
          scp -q -O "$@" small $D:/tmp/a$i </dev/null || echo "scp -O to: $?"
          scp -q "$@" $D:/tmp/a$i got </dev/null || echo "scp from: $?"
          cmp small got; rm -f got
          scp -q "$@" small $D:/tmp/b$i <&- || echo "scp to: $?"
          scp -q -O "$@" $D:/tmp/b$i got <&- || echo "scp -O from: $?"
          cmp small got; rm -f got
          ssh "$@" $D 'exit 7' <&-; [ $? = 7 ] || echo "exit 7 with standard input closed"
          ssh "$@" $D 'cat >&2; exit 8' </dev/null >&- ; [ $? = 8 ] || echo "exit 8 with standard output closed"
        done
        ssh "$@" -O exit $D 2>/dev/null
        """
            .formatted(LiveGateway.USER, String.join(" ", gateway.clientOptions()));
    Shell.Result result = Shell.run(home, "bash", "-c", script);
    assertThat(result.text()).as(result.err()).isEmpty();
  }
}
