package dev.tapedeck.sandbox.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.IsolationContract;
import dev.tapedeck.sandbox.SandboxLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamespaceIsolationTest extends IsolationContract {

  /** Structures that calls are given: zeros, a software event, clone3 with CLONE_NEWUSER. */
  private static final String PROBE_ARGUMENTS =
      "my $zeros = \"\\0\" x 128; my $event = pack(\"L2 x120\", 1, 128);"
          + " my $namespace = pack(\"Q x80\", 0x10000000); ";

  @Override
  protected Engine newEngine() {
    return new NamespaceEngine(SandboxLimits.DEFAULT);
  }

  @Test
  void diskIsOneLimitForAllWritableFolders() throws Exception {
    String sizes =
        inside("df -k --output=size /tmp /home /run /dev/shm /var/tmp | tail -n +2 | sort -u");
    assertThat(sizes.strip()).isEqualTo(Long.toString(SandboxLimits.DEFAULT.diskBytes() / 1024));
    assertFails("cat /dev/zero >/tmp/full");
    assertFails("echo more >/home/alice/x && grep more /home/alice/x");
    assertThat(inside("rm /tmp/full; echo more >/home/alice/x; cat /home/alice/x"))
        .isEqualTo("more");
  }

  @Test
  void callsThatAttackTheKernelAreRefused() throws Exception {
    assumeThat(inside("command -v perl || true")).as("perl in the sandbox").isNotEmpty();
    assumeThat(System.getProperty("os.arch")).isEqualTo("amd64");
    // Each with arguments with which the kernel itself would say something else.
    for (String call :
        List.of(
            "250, 1, -3, 0, 0, 0", // keyctl
            "425, 8, $zeros", // io_uring_setup
            "321, 0, $zeros, 48", // bpf
            "323, 1", // userfaultfd, for what it does itself
            "298, $event, 0, -1, -1, 0", // perf_event_open
            "41, 40, 1, 0", // socket: AF_VSOCK
            "41, 38, 5, 0", // socket: AF_ALG
            "272, 0x10000000", // unshare: CLONE_NEWUSER
            "272, 0x80", // unshare: CLONE_NEWTIME
            "56, 0x10000011, 0, 0, 0, 0", // clone: CLONE_NEWUSER, SIGCHLD
            "435, $namespace, 88", // clone3
            "308, 0, 0", // setns
            "165, 0, 0, 0, 0, 0", // mount
            "135, 0x0400000", // personality: READ_IMPLIES_EXEC
            "0x40000000 + 39", // getpid of x32
            "1000")) { // none yet
      String said = inside("perl -e '" + PROBE_ARGUMENTS + "syscall(" + call + "); print $! + 0'");
      assertThat(said).as(call).isIn("1", "38");
    }
  }

  @Test
  void whatProgramsNeedWorks() throws Exception {
    assertThat(inside("(echo a; echo b) | sort -r | head -1; sleep 0.01 & wait; echo $?"))
        .isEqualTo("b\n0");
    assertThat(
            inside(
                    "for x in perl python3 node git gcc tmux; do command -v $x >/dev/null && $x"
                        + " $([ $x = tmux ] && echo -V || echo --version) >/dev/null || echo no $x;"
                        + " done")
                .lines())
        .allMatch(line -> line.startsWith("no "));
  }
}
