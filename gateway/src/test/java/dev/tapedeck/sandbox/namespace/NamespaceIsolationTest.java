package dev.tapedeck.sandbox.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.IsolationContract;
import dev.tapedeck.sandbox.SandboxLimits;
import org.junit.jupiter.api.Test;

class NamespaceIsolationTest extends IsolationContract {

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
}
