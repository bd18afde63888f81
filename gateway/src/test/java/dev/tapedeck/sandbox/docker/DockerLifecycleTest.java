package dev.tapedeck.sandbox.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.sandbox.Folders;
import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.sandbox.ProcessSpec.Program;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.SandboxProcess;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How containers come and go, and what stays behind: nothing. */
@Timeout(60)
class DockerLifecycleTest {

  private DockerEngine engine;
  private Sandbox sandbox;

  @BeforeEach
  void make() throws SandboxException {
    engine = new DockerEngine(DockerSession.options());
    sandbox = engine.create();
  }

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void sandboxThatEndsByItselfIsNotHealthy() throws Exception {
    assertThat(sandbox.healthy()).isTrue();
    DockerApi api = DockerSession.api();
    try (SandboxProcess process = sandbox.start(spec("echo ready; sleep 100"))) {
      assertThat(process.output().readNBytes(6)).isEqualTo("ready\n".getBytes(UTF_8));
      api.removeContainer(container(sandbox.id()));
      // Killed, or gone before it could be asked.
      assertThat(process.await()).isIn(new ExitStatus.Code(137), new ExitStatus.Unknown());
      await().until(() -> !sandbox.healthy());
    }
    assertThatThrownBy(() -> sandbox.start(spec("true")))
        .isInstanceOf(SandboxException.class)
        .hasMessage("The sandbox has ended.");
  }

  @Test
  void deadOwnersContainersAreReapedAndNoOthers() throws Exception {
    DockerApi api = DockerSession.api();
    ContainerOwner self = ContainerOwner.self();
    ContainerOwner dead =
        new ContainerOwner(self.boot(), self.namespace(), self.pid(), self.started() - 1);
    ContainerOwner elsewhere = new ContainerOwner(self.boot(), "1", self.pid(), self.started());
    String left = leave(api, "left", dead);
    String foreign = leave(api, "foreign", elsewhere);
    String alive = leave(api, "alive", self);
    try (DockerEngine next = new DockerEngine(DockerSession.options());
        Sandbox other = next.create()) {
      assertThat(other.healthy()).isTrue();
      List<String> there =
          api.listContainers(ContainerSpec.LABEL).stream().map(DockerApi.Listed::id).toList();
      assertThat(there).doesNotContain(left).contains(foreign, alive);
      assertThat(sandbox.healthy()).isTrue();
    } finally {
      api.removeContainer(foreign);
      api.removeContainer(alive);
    }
  }

  @Test
  void gatewayThatIsKilledLeavesNothing() throws Exception {
    Process gateway =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "-Dtapedeck.root=" + System.getProperty("tapedeck.root"),
                Victim.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String id;
    try (BufferedReader said = gateway.inputReader(UTF_8)) {
      id = said.readLine();
    }
    assertThat(container(id)).isNotEmpty();
    gateway.destroyForcibly().waitFor();
    await().atMost(Duration.ofSeconds(5)).until(() -> container(id).isEmpty());
  }

  /** A gateway that makes a sandbox, says which, and waits to be killed. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws Exception {
      DockerEngine engine = new DockerEngine(DockerSession.options());
      Sandbox sandbox = engine.create();
      sandbox.start(spec("sleep 1000"));
      System.out.println(sandbox.id());
      Thread.currentThread().join();
    }
  }

  @Test
  void missingImageSaysHowToMakeIt() {
    try (DockerEngine other =
        new DockerEngine(DockerSession.options().withImage("tapedeck-no-such-image"))) {
      assertThatThrownBy(other::create)
          .isInstanceOf(SandboxException.class)
          .hasMessage("There is no image tapedeck-no-such-image: deploy/sandbox/build makes it.");
      assertThat(other.examine())
          .anySatisfy(finding -> assertThat(finding.toString()).contains("MISSING", "image"));
    }
  }

  @Test
  void examinationNamesLimitsAndImage() {
    assertThat(engine.examine())
        .extracting(finding -> finding.subject())
        .containsExactly(
            "engine",
            "memory",
            "processes",
            "processor",
            "seccomp",
            "user namespaces",
            "terminals",
            "API gateway",
            "image");
  }

  private static String leave(DockerApi api, String name, ContainerOwner owner)
      throws SandboxException {
    Map<String, Object> spec =
        new HashMap<>(ContainerSpec.of(DockerSession.options(), Folders.NONE, name, owner));
    spec.put("OpenStdin", false);
    spec.put("AttachStdin", false);
    spec.put("Entrypoint", List.of("/bin/sleep", "1000"));
    String id = api.createContainer("tapedeck-test-" + name + "-" + owner.pid(), spec);
    api.startContainer(id);
    return id;
  }

  /** The id of the container of a sandbox, or nothing. */
  private static String container(String sandbox) throws SandboxException {
    return DockerSession.api().listContainers(ContainerSpec.LABEL + "=" + sandbox).stream()
        .map(DockerApi.Listed::id)
        .findAny()
        .orElse("");
  }

  private static ProcessSpec spec(String command) {
    return new ProcessSpec(new Program.Command(command), "alice", Map.of(), null);
  }
}
