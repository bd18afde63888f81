package dev.tapedeck.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What no program in a sandbox may do, tried from inside of one, for every engine that isolates;
 * and what it may not do to others by taking all it can get.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class IsolationContract {

  /** Others must be answered within this while one sandbox goes wild. */
  private static final Duration ANSWER = Duration.ofSeconds(2);

  /** Names whose values are the same everywhere, and no secret. */
  private static final Set<String> COMMON =
      Set.of("HOME", "PATH", "LANG", "LC_ALL", "TERM", "SHELL", "USER", "LOGNAME", "PWD", "SHLVL");

  private Engine engine;
  private Sandbox sandbox;

  /** A new engine; a missing one is an assumption that fails with a line that says so. */
  protected abstract Engine newEngine() throws Exception;

  /** The users that {@code /etc/passwd} may have inside. */
  protected List<String> usersInside() {
    return List.of("root", "nobody", "alice");
  }

  /** How many processes may be seen inside when only a probe runs. */
  protected int mostProcesses() {
    return 8;
  }

  @BeforeAll
  void makeEngine() throws Exception {
    engine = newEngine();
  }

  @AfterAll
  void closeEngine() {
    if (engine != null) {
      engine.close();
    }
  }

  @BeforeEach
  void makeSandbox() throws Exception {
    sandbox = engine.create();
  }

  @AfterEach
  void closeSandbox() {
    sandbox.close();
  }

  protected final Sandbox sandbox() {
    return sandbox;
  }

  @Test
  void hostFilesAreNotThere(@TempDir Path data) throws Exception {
    Path planted = Files.writeString(data.resolve("planted"), "of the host");
    assertFails("cat " + planted);
    assertFails("cat /etc/shadow");
    assertFails("ls " + System.getProperty("user.dir"));
    assertThat(inside("ls -A /root /mnt /srv /opt 2>/dev/null | grep -v : | wc -w")).isEqualTo("0");
  }

  @Test
  void hostProcessesAreNotSeen() throws Exception {
    assertThat(Integer.parseInt(inside("ls /proc | grep -c '^[0-9]'")))
        .isLessThanOrEqualTo(mostProcesses());
    assertThat(inside("cat /proc/[0-9]*/comm")).doesNotContain("java");
    assertFails("kill -0 " + ProcessHandle.current().pid());
  }

  @Test
  void hostUsersAreNotThere() throws Exception {
    assertThat(inside("cut -d: -f1 /etc/passwd").lines()).isSubsetOf(usersInside());
    assertThat(inside("id -un")).isEqualTo("alice");
  }

  @Test
  void networkIsOnlyItself() throws Exception {
    assertThat(inside("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '")).isEqualTo("lo");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = server.getLocalPort();
      assertFails("bash -c 'exec 3<>/dev/tcp/127.0.0.1/" + port + "'");
      assertFails("nc -w 1 127.0.0.1 " + port + " </dev/null");
    }
    assertFails("bash -c 'exec 3<>/dev/tcp/192.0.2.1/80'");
  }

  @Test
  void mountsCannotBeChanged() throws Exception {
    assertFails("mount -t tmpfs x /tmp");
    assertFails("mount -o remount,rw /");
    assertFails("mount -o remount,bind,rw /usr");
    assertFails("umount /proc/sys");
    assertFails("umount -l /usr");
    assertFails("pivot_root /tmp /tmp");
    assertFails("chroot /tmp /bin/true");
    assertFails("mknod /tmp/null c 1 3");
  }

  @Test
  void programsHaveNoCapabilities() throws Exception {
    String status = inside("cat /proc/self/status");
    assertThat(status)
        .containsPattern("CapInh:\\s+0+\n")
        .containsPattern("CapPrm:\\s+0+\n")
        .containsPattern("CapEff:\\s+0+\n")
        .containsPattern("CapAmb:\\s+0+\n")
        .containsPattern("CapBnd:\\s+0+\n")
        .containsPattern("NoNewPrivs:\\s+1\n");
  }

  @Test
  void systemCallsAreFiltered() throws Exception {
    assertThat(inside("cat /proc/self/status")).containsPattern("Seccomp:\\s+2\n");
    assertThat(sandbox.unfiltered()).isEmpty();
  }

  @Test
  void namespacesCannotBeNested() throws Exception {
    assertFails("unshare -U true");
    assertFails("unshare -Ur true");
    assertFails("unshare -m true");
  }

  @Test
  void firstProcessCannotBeTouched() throws Exception {
    assertFails("cat /proc/1/environ | grep .");
    assertFails("cat /proc/1/mem");
    assertFails("ls /proc/1/root/");
    assertFails("exec 3>/proc/1/fd/0");
    assertFails("exec 3</proc/1/fd/0");
    inside("kill -9 1 2>/dev/null; kill -15 1 2>/dev/null; true");
    assertThat(sandbox.healthy()).isTrue();
  }

  @Test
  void gatewaysEnvironmentIsNowhere() throws Exception {
    Map<String, String> gateway = System.getenv();
    List<String> secrets =
        gateway.entrySet().stream()
            .filter(e -> !COMMON.contains(e.getKey()) && !e.getValue().isEmpty())
            .map(e -> e.getKey() + "=" + e.getValue())
            .toList();
    assumeThat(secrets).as("the test's own environment").isNotEmpty();
    String all = inside("cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'; env");
    assertThat(all.lines()).contains("USER=alice").doesNotContainAnyElementsOf(secrets);
  }

  @Test
  void anotherSandboxIsNotSeen() throws Exception {
    Sandbox other = engine.create();
    try (Running running =
        Running.command(
            other,
            "echo hidden >/tmp/of-the-other; cp /tmp/of-the-other ~; echo up; sleep 98765")) {
      running.awaitOutput("up");
      assertThat(inside("ls -A /tmp /var/tmp /home /dev/shm")).doesNotContain("of-the-other");
      assertThat(inside("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).doesNotContain("sleep 98765");
      assertThat(inside("ls /dev/pts")).isEqualTo("ptmx");
    } finally {
      other.close();
    }
  }

  @Test
  void kernelSettingsCannotBeWritten() throws Exception {
    assertFails("echo x >/proc/sys/kernel/hostname");
    assertFails("echo x >/proc/sysrq-trigger");
    assertThat(inside("find /proc/sys -writable 2>/dev/null | wc -l")).isEqualTo("0");
    assertFails("cat /proc/kcore | grep -c .");
    assertFails("cat /proc/keys | grep .");
    assertFails("hostname other");
    assertFails("cat /dev/mem /dev/kmsg");
  }

  @Test
  void systemFoldersCannotBeWritten() throws Exception {
    for (String folder : List.of("/", "/usr", "/usr/bin", "/bin", "/lib", "/etc", "/dev", "/var")) {
      assertFails("touch " + folder + "/planted");
    }
    assertFails("rm /dev/ptmx");
    assertFails("mv /dev/pts /dev/other");
    assertFails("echo x >>/etc/passwd");
    assertFails("ln -sf /etc/passwd /dev/pts/ptmx");
  }

  @Test
  void forkBombIsContained() throws Exception {
    Sandbox other = engine.create();
    try (Running bomb = Running.command(sandbox, "bomb() { bomb | bomb & }; bomb; sleep 1000")) {
      Running.output(other, "true"); // the first program also names the sandbox's user
      bomb.type(" ");
      for (int i = 0; i < 5; i++) {
        assertAnswers(other);
      }
    } finally {
      other.close();
    }
    assertClosesInTime();
  }

  @Test
  void memoryHogIsContained() throws Exception {
    Sandbox other = engine.create();
    try (Running hog =
        Running.command(sandbox, "head -c 8000000000 /dev/zero | tail -c 7000000000")) {
      Running.output(other, "true");
      for (int i = 0; i < 5; i++) {
        assertAnswers(other);
      }
      assertThat(hog.await().number()).isNotZero();
      assertThat(hog.allBytes()).isEmpty();
    } finally {
      other.close();
    }
    assertClosesInTime();
  }

  @Test
  void diskFillerIsContained() throws Exception {
    Sandbox other = engine.create();
    try (Running filler =
        Running.command(
            sandbox,
            "for f in /tmp/a /var/tmp/b ~/c /dev/shm/d; do cat /dev/zero >$f; done; i=0;"
                + " rm -f /tmp/a; while mkdir /tmp/$i; do i=$((i+1)); [ $i -lt 70000 ] || break; done")) {
      Running.output(other, "true");
      for (int i = 0; i < 3; i++) {
        assertAnswers(other);
        assertThat(Running.output(other, "echo still writes >/tmp/x; cat /tmp/x"))
            .isEqualTo("still writes");
      }
      filler.process().signal("KILL");
      filler.await();
    } finally {
      other.close();
    }
    assertClosesInTime();
  }

  private void assertAnswers(Sandbox other) throws Exception {
    long start = System.nanoTime();
    assertThat(Running.output(other, "echo answer")).isEqualTo("answer");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ANSWER);
  }

  private void assertClosesInTime() {
    long start = System.nanoTime();
    sandbox.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  protected final String inside(String line) throws Exception {
    return Running.output(sandbox, line);
  }

  /** The command fails inside, and so does a program that is not there. */
  protected final void assertFails(String line) throws Exception {
    try (Running running = Running.command(sandbox, line)) {
      running.endInput();
      assertThat(running.await().number()).as(line).isNotZero();
    }
  }
}
