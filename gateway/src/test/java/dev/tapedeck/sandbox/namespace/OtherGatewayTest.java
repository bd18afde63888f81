package dev.tapedeck.sandbox.namespace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapedeck.sandbox.Upstream;
import dev.tapedeck.sandbox.posix.Child;
import dev.tapedeck.sandbox.reach.ForwarderMain;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine in a process of its own: as an ordinary user, and killed. */
class OtherGatewayTest {

  private static final int NOBODY = 65_534;
  private static final String GET =
      "timeout 20 bash -c 'exec 3<>/dev/tcp/127.0.0.1/3344 && printf \"GET / HTTP/1.1\\r\\n\\r\\n\" >&3 && cat <&3 | tail -n 1 && echo'";
  private static final String SECRET = "planted-in-the-gateway";

  @TempDir Path folder;

  @Test
  void worksAsAnOrdinaryUser() throws Exception {
    assumeTrue(Child.root(), "only root can start a gateway as somebody else");
    try (Gateway gateway = Gateway.start(folder, NOBODY)) {
      assertThat(gateway.until("ready"))
          .anyMatch(line -> line.contains("under the gateway's own user id"));
      assertThat(gateway.run("id -un; pwd")).containsExactly("alice", "/home/alice", "status 0");
      assertThat(gateway.run("terminal tty; stty size; exit 3"))
          .containsExactly("/dev/pts/0", "30 100", "status 3");
      assertThat(
              gateway.run(
                  "cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -c " + SECRET))
          .containsExactly("0", "status 1");
      assertThat(gateway.run("cat " + folder.resolve("planted"))).last().isEqualTo("status 1");
      assertThat(gateway.run("unshare -U true")).last().isEqualTo("status 1");
      assertThat(gateway.run("exec 3>/proc/1/fd/0")).last().isNotEqualTo("status 0");
      assertThat(gateway.run("touch /usr/x /etc/x /dev/x")).last().isEqualTo("status 1");
      assertThat(gateway.run("grep -E 'Cap(Inh|Prm|Eff|Amb)|NoNewPrivs' /proc/self/status"))
          .containsExactly(
              "CapInh:\t0000000000000000",
              "CapPrm:\t0000000000000000",
              "CapEff:\t0000000000000000",
              "CapAmb:\t0000000000000000",
              "NoNewPrivs:\t1",
              "status 0");
      assertThat(gateway.run("ulimit -u")).containsExactly("512", "status 0");
      assertThat(gateway.run("exec >/dev/null 2>&1; f() { f | f & }; f"))
          .last()
          .asString()
          .contains("status");
    }
  }

  @Test
  void anOrdinaryUsersSandboxesReachTheService() throws Exception {
    assumeTrue(Child.root(), "only root can start a gateway as somebody else");
    try (Upstream upstream = Upstream.http();
        Upstream other = Upstream.http();
        Gateway gateway = Gateway.start(folder, NOBODY)) {
      assertThat(gateway.until("ready"))
          .anyMatch(line -> line.contains("reached from inside at 127.0.0.1:3344"));
      String reach = "reach " + upstream.socket().getPath();
      assertThat(gateway.run(reach)).startsWith("At[address=127.0.0.1:3344]");
      assertThat(gateway.run(GET)).startsWith("GET / HTTP/1.1").last().isEqualTo("status 0");
      for (Upstream unreachable : List.of(upstream, other)) {
        int port = unreachable.address().getPort();
        assertThat(gateway.run("bash -c 'exec 3<>/dev/tcp/127.0.0.1/" + port + "'"))
            .last()
            .isEqualTo("status 1");
      }
      assertThat(gateway.run("id -un; grep CapEff /proc/self/status"))
          .containsExactly("alice", "CapEff:\t0000000000000000", "status 0");
      gateway.run("another");
      assertThat(gateway.run(GET)).last().isNotEqualTo("status 0");
      assertThat(gateway.run(reach)).startsWith("At[address=127.0.0.1:3344]");
      assertThat(gateway.run(GET)).startsWith("GET / HTTP/1.1").last().isEqualTo("status 0");
      assertThat(other.connections()).isZero();
    }
  }

  @Test
  void afterItsCarrierDiedTheNextSandboxHasAnother() throws Exception {
    assumeTrue(Child.root(), "only root can start a gateway as somebody else");
    try (Upstream upstream = Upstream.http()) {
      Gateway gateway = Gateway.start(folder, NOBODY);
      gateway.until("ready");
      String reach = "reach " + upstream.socket().getPath();
      assertThat(gateway.run(reach)).startsWith("At[address=127.0.0.1:3344]");
      List<String> carriers = carriers();
      assertThat(carriers).hasSize(1);
      ProcessHandle.of(Long.parseLong(carriers.getFirst())).orElseThrow().destroyForcibly();
      await().until(() -> carriers().isEmpty());
      assertThat(gateway.run("echo lives")).containsExactly("lives", "status 0");
      gateway.run("another");
      assertThat(gateway.run(reach)).startsWith("At[address=127.0.0.1:3344]");
      assertThat(gateway.run(GET)).startsWith("GET / HTTP/1.1").last().isEqualTo("status 0");
      assertThat(carriers()).hasSize(1);
      gateway.kill();
      await().until(() -> carriers().isEmpty());
    }
  }

  @Test
  void sandboxesEndWithAKilledGateway() throws Exception {
    String mark = "9" + ProcessHandle.current().pid() + "." + System.nanoTime() % 1000;
    Gateway gateway = Gateway.start(folder, Child.root() ? 0 : NOBODY);
    gateway.until("ready");
    gateway.run("(setsid sleep " + mark + " >/dev/null 2>&1 &)");
    assertThat(processesWith("sleep\0" + mark)).isNotEmpty();
    gateway.kill();
    await().atMost(Duration.ofSeconds(5)).until(() -> processesWith("sleep\0" + mark).isEmpty());
  }

  @Test
  void groupsOfAKilledGatewayAreSweptAtTheNextStart() throws Exception {
    Cgroups cgroups = Cgroups.discover();
    assumeTrue(!cgroups.parents().isEmpty(), "no control groups may be made on this machine");
    Gateway gateway = Gateway.start(folder, 0);
    gateway.until("ready");
    gateway.kill();
    String prefix = gateway.pid() + "-";
    assertThat(groups(cgroups, prefix)).isNotEmpty();
    cgroups.sweep();
    assertThat(groups(cgroups, prefix)).isEmpty();
  }

  /** The processes that carry connections for this test's gateway: the class path names it. */
  private List<String> carriers() {
    return processesWith(ForwarderMain.class.getName()).stream()
        .filter(pid -> commandLine(pid).contains(folder.toString()))
        .toList();
  }

  private static List<Path> groups(Cgroups cgroups, String prefix) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path parent : cgroups.parents().values()) {
      try (Stream<Path> all = Files.list(parent)) {
        all.filter(p -> p.getFileName().toString().startsWith(prefix)).forEach(found::add);
      }
    }
    return found;
  }

  private static List<String> processesWith(String commandLine) {
    String[] pids = new File("/proc").list((_, name) -> Character.isDigit(name.charAt(0)));
    return Stream.of(pids == null ? new String[0] : pids)
        .filter(pid -> commandLine(pid).contains(commandLine))
        .toList();
  }

  private static String commandLine(String pid) {
    try {
      return Files.readString(Path.of("/proc", pid, "cmdline"));
    } catch (IOException _) {
      return ""; // ended meanwhile
    }
  }

  /** The other process. */
  private record Gateway(Process process, BufferedReader output, Writer input)
      implements AutoCloseable {

    static Gateway start(Path folder, int user) throws Exception {
      Files.writeString(folder.resolve("planted"), "of the host");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      List<String> command = new ArrayList<>();
      if (user != 0 && Child.root()) {
        String id = Integer.toString(user);
        command.addAll(List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups"));
      }
      command.add(System.getProperty("java.home") + "/bin/java");
      command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
      command.addAll(List.of("-cp", readableClassPath(folder), OtherGateway.class.getName()));
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.environment().put("SECRET", SECRET);
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      Process process = builder.start();
      return new Gateway(process, process.inputReader(UTF_8), process.outputWriter(UTF_8));
    }

    /** The class path's own folders may lie where only root can go. */
    private static String readableClassPath(Path folder) throws IOException {
      List<String> readable = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        Path from = Path.of(entry);
        Path to = folder.resolve(readable.size() + "-" + from.getFileName());
        if (Files.isDirectory(from)) {
          copyFolder(from, to);
        } else if (entry.endsWith(".jar") && entry.matches(".*(slf4j|logback|prometheus).*")) {
          Files.copy(from, to);
        } else {
          continue;
        }
        readable.add(to.toString());
      }
      return String.join(File.pathSeparator, readable);
    }

    private static void copyFolder(Path from, Path to) throws IOException {
      try (Stream<Path> files = Files.walk(from)) {
        for (Path file : files.toList()) {
          Path target = to.resolve(from.relativize(file).toString());
          if (Files.isDirectory(file)) {
            Files.createDirectories(target);
          } else {
            Files.copy(file, target);
          }
        }
      }
    }

    long pid() {
      return process.pid();
    }

    List<String> until(String last) throws IOException {
      List<String> lines = new ArrayList<>();
      String line = output.readLine();
      while (line != null && !line.equals(last)) {
        lines.add(line);
        line = output.readLine();
      }
      assertThat(line).as("after %s", lines).isEqualTo(last);
      return lines;
    }

    List<String> run(String command) throws IOException {
      input.write(command + "\n");
      input.flush();
      List<String> lines = new ArrayList<>();
      String line = output.readLine();
      while (line != null) {
        lines.add(line.stripTrailing());
        if (line.startsWith("status ")) {
          return lines;
        }
        line = output.readLine();
      }
      throw new AssertionError("the gateway ended after " + lines);
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
      input.close();
      until("bye");
      await().until(() -> !process.isAlive());
      assertThat(process.exitValue()).isZero();
    }
  }
}
