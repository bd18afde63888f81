package dev.tapedeck.sandbox.none;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.EngineContract;
import dev.tapedeck.sandbox.Running;
import dev.tapedeck.sandbox.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NoneEngineTest extends EngineContract {

  @Override
  protected Engine newEngine() {
    return new NoneEngine();
  }

  @Test
  void homeGoesWithTheSandbox() throws Exception {
    Sandbox sandbox = engine().create();
    try {
      Path home =
          Path.of(Running.output(sandbox, "mkdir -p a/b; ln -s / a/root; touch a/b/c; pwd"));
      assertThat(home).isDirectory();
      sandbox.close();
      assertThat(home).doesNotExist();
      assertThat(Path.of("/")).isNotEmptyDirectory();
    } finally {
      sandbox.close();
    }
  }

  @Test
  void jobsLeftInTheBackgroundEndWithTheSandbox() throws Exception {
    Sandbox sandbox = engine().create();
    try {
      String pid = Running.output(sandbox, "sleep 1000 >/dev/null 2>&1 & echo $!");
      assertThat(Path.of("/proc", pid)).exists();
      sandbox.close();
      await().until(() -> !Files.exists(Path.of("/proc", pid)));
    } finally {
      sandbox.close();
    }
  }
}
