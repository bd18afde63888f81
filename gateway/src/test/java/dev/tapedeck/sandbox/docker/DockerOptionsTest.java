package dev.tapedeck.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.sandbox.Folders;
import dev.tapedeck.sandbox.SandboxLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class DockerOptionsTest {

  private static final DockerOptions DEFAULTS = DockerOptions.DEFAULTS;

  @Test
  void defaults() {
    assertThat(DEFAULTS)
        .isEqualTo(
            new DockerOptions(
                EngineSocket.at(Path.of("/var/run/docker.sock")),
                "tapedeck-sandbox",
                SandboxLimits.DEFAULT,
                1000,
                "sandbox",
                Duration.ofSeconds(30)));
  }

  @Test
  void impossibleOnesAreRefused() {
    assertThatThrownBy(() -> DEFAULTS.withImage(" ")).hasMessageContaining("image's name");
    assertThatThrownBy(() -> with(0, "sandbox", 1)).hasMessageContaining("above 0 (root)");
    assertThatThrownBy(() -> with(1, "-x", 1)).hasMessageContaining("\"-x\" is no host name");
    assertThatThrownBy(() -> with(1, "x", 0)).hasMessageContaining("timeout");
    assertThatThrownBy(() -> with(1, "x", 601)).hasMessageContaining("at most 600 s");
  }

  private static DockerOptions with(int uid, String hostname, int timeoutS) {
    return new DockerOptions(
        DEFAULTS.socket(),
        DEFAULTS.image(),
        DEFAULTS.limits(),
        uid,
        hostname,
        Duration.ofSeconds(timeoutS));
  }

  @Test
  void containerIsAskedForWithItsLimits() throws IOException {
    SandboxLimits narrow = new SandboxLimits(256 << 20, 0.5, 100, 256 << 20, 65_536, 4_096);
    Map<String, Object> spec =
        ContainerSpec.of(DEFAULTS.withLimits(narrow), Folders.NONE, "abc", ContainerOwner.self());
    assertThat(spec).containsEntry("User", "65534:65534").containsEntry("NetworkDisabled", true);
    assertThat(spec.get("HostConfig"))
        .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("NetworkMode", "none")
        .containsEntry("ReadonlyRootfs", true)
        .containsEntry("Memory", 536_870_912L)
        .containsEntry("MemorySwap", 536_870_912L)
        .containsEntry("NanoCpus", 500_000_000L)
        .containsEntry("PidsLimit", 100)
        .containsEntry("CapDrop", List.of("ALL"))
        .containsEntry("SecurityOpt", List.of("no-new-privileges"));
  }

  @Test
  void ownersAreToldApart() throws IOException {
    ContainerOwner self = ContainerOwner.self();
    ContainerOwner gone =
        new ContainerOwner(self.boot(), self.namespace(), self.pid(), self.started() + 1);
    ContainerOwner elsewhere = new ContainerOwner(self.boot(), "1", self.pid(), self.started());
    assertThat(self.leftBehind(self.label(), "running")).isFalse();
    assertThat(self.leftBehind(self.label(), "created")).isFalse();
    assertThat(self.leftBehind(gone.label(), "running")).isTrue();
    assertThat(self.leftBehind(gone.label(), "created")).isTrue();
    assertThat(self.leftBehind(elsewhere.label(), "running")).isFalse();
    assertThat(self.leftBehind(elsewhere.label(), "created")).isFalse();
    assertThat(self.leftBehind(elsewhere.label(), "exited")).isTrue();
    assertThat(self.leftBehind("nonsense", "running")).isFalse();
    assertThat(self.leftBehind(null, "running")).isFalse();
  }

  @Test
  void exitCodesAndSignals() {
    assertThat(ExitRule.of(0, Set.of())).isEqualTo(new ExitStatus.Code(0));
    assertThat(ExitRule.of(127, Set.of())).isEqualTo(new ExitStatus.Code(127));
    assertThat(ExitRule.of(137, Set.of())).isEqualTo(new ExitStatus.Code(137));
    assertThat(ExitRule.of(139, Set.of(9))).isEqualTo(new ExitStatus.Code(139));
    assertThat(ExitRule.of(130, Set.of())).isEqualTo(new ExitStatus.Code(130));
    assertThat(ExitRule.of(130, Set.of(2))).isEqualTo(new ExitStatus.Signalled("INT", 2));
    assertThat(ExitRule.of(255, Set.of())).isEqualTo(new ExitStatus.Code(255));
  }
}
