package dev.tapedeck.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineSocketTest {

  @TempDir Path folder;

  @Test
  void dockerHostIsFollowed() {
    assertThat(EngineSocket.find(Map.of("DOCKER_HOST", "unix:///run/podman/podman.sock")))
        .isEqualTo(EngineSocket.at(Path.of("/run/podman/podman.sock")));
  }

  @Test
  void anEngineOnANetworkIsNoUseAndTheSentenceSaysWhatIs() {
    assertThat(EngineSocket.find(Map.of("DOCKER_HOST", "tcp://10.0.0.1:2375")).lack())
        .contains("tcp://10.0.0.1:2375", "unix:///PATH", "sandbox.docker.socket");
  }

  @Test
  void rootlessDockerAndPodmanAreFoundWhereTheyUsuallyAre() {
    Path runtime = folder.resolve("run");
    Map<String, String> environment =
        Map.of("XDG_RUNTIME_DIR", runtime.toString(), "HOME", folder.toString());
    assertThat(
            EngineSocket.usual(environment).stream()
                .map(Path::toString)
                .map(path -> path.replace(folder.toString(), "~")))
        .containsExactly(
            "/var/run/docker.sock",
            "~/run/docker.sock",
            "~/.docker/run/docker.sock",
            "~/.docker/desktop/docker.sock",
            "~/run/podman/podman.sock",
            "/run/podman/podman.sock");
  }

  @Test
  void theFirstThatIsThereIsTaken() throws IOException {
    Path none = folder.resolve("none.sock");
    Path podman = Files.createFile(folder.resolve("podman.sock"));
    Path other = Files.createFile(folder.resolve("other.sock"));
    assertThat(EngineSocket.first(List.of(none, podman, other))).isEqualTo(EngineSocket.at(podman));
  }

  @Test
  void withoutAnyTheSentenceSaysWhereItLookedAndWhatToDo() {
    assertThat(EngineSocket.first(List.of(folder.resolve("a"), folder.resolve("b"))).lack())
        .contains(
            folder + "/a, " + folder + "/b", "systemctl start docker", "podman", "DOCKER_HOST");
  }
}
