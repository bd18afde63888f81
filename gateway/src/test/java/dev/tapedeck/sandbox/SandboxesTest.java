package dev.tapedeck.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SandboxesTest {

  private static final Duration LONG = Duration.ofHours(1);

  private final List<Plain> made = new ArrayList<>();
  private boolean failing;

  @Test
  void eachConnectionHasItsOwnUnlessSharingIsWanted() throws Exception {
    try (Sandboxes sandboxes = sandboxes(Sharing.NONE)) {
      Sandbox one = sandboxes.take("alice");
      Sandbox two = sandboxes.take("alice");
      assertThat(one.id()).isNotEqualTo(two.id());
      one.close();
      assertThat(made.getFirst().closed).isTrue();
      assertThat(two.healthy()).isTrue();
    }
  }

  @Test
  void connectionsOfOneUserShareOneUntilTheLastIsGone() throws Exception {
    try (Sandboxes sandboxes = sandboxes(new Sharing(Sharing.Per.USER, Duration.ZERO))) {
      Sandbox one = sandboxes.take("alice");
      Sandbox two = sandboxes.take("alice");
      Sandbox other = sandboxes.take("bob");
      assertThat(one.id()).isEqualTo(two.id()).isNotEqualTo(other.id());
      one.close();
      one.close();
      assertThat(two.healthy()).isTrue();
      assertThat(one.healthy()).isFalse();
      assertThatThrownBy(() -> one.start(spec())).hasMessageContaining("given back");
      two.close();
      assertThat(made.getFirst().closed).isTrue();
      assertThat(other.healthy()).isTrue();
      assertThat(sandboxes.take("alice").id()).isEqualTo("3");
    }
  }

  @Test
  void oneThatIsKeptWaitsForTheNextConnection() throws Exception {
    try (Sandboxes sandboxes = sandboxes(new Sharing(Sharing.Per.USER, LONG))) {
      Sandbox one = sandboxes.take("alice");
      one.close();
      assertThat(made.getFirst().closed).isFalse();
      assertThat(sandboxes.take("alice").id()).isEqualTo(one.id());
    }
  }

  @Test
  void itIsKeptNoLongerThanItMay() throws Exception {
    try (Sandboxes sandboxes = sandboxes(new Sharing(Sharing.Per.USER, Duration.ofMillis(1)))) {
      sandboxes.take("alice").close();
      await().until(() -> made.getFirst().closed);
      assertThat(sandboxes.take("alice").id()).isEqualTo("2");
    }
  }

  @Test
  void oneThatDiedIsReplaced() throws Exception {
    try (Sandboxes sandboxes = sandboxes(new Sharing(Sharing.Per.USER, LONG))) {
      Sandbox one = sandboxes.take("alice");
      made.getFirst().closed = true;
      Sandbox two = sandboxes.take("alice");
      assertThat(two.id()).isEqualTo("2");
      one.close();
      assertThat(sandboxes.take("alice").id()).isEqualTo("2");
    }
  }

  @Test
  void aFailureIsNotKept() throws Exception {
    try (Sandboxes sandboxes = sandboxes(new Sharing(Sharing.Per.USER, LONG))) {
      failing = true;
      assertThatThrownBy(() -> sandboxes.take("alice")).hasMessage("a scripted failure");
      failing = false;
      assertThat(sandboxes.take("alice").healthy()).isTrue();
    }
  }

  @Test
  void theGatewaysEndEndsThoseThatWait() throws Exception {
    Sandboxes sandboxes = sandboxes(new Sharing(Sharing.Per.USER, LONG));
    sandboxes.take("alice").close();
    sandboxes.close();
    assertThat(made.getFirst().closed).isTrue();
  }

  private Sandboxes sandboxes(Sharing sharing) {
    return new Sandboxes(this::make, sharing);
  }

  private Sandbox make(String user) throws SandboxException {
    if (failing) {
      throw new SandboxException("a scripted failure");
    }
    made.add(new Plain(Integer.toString(made.size() + 1)));
    return made.getLast();
  }

  private static ProcessSpec spec() {
    return new ProcessSpec(new ProcessSpec.Program.LoginShell(), "alice", java.util.Map.of(), null);
  }

  private static final class Plain implements Sandbox {
    private final String id;
    private volatile boolean closed;

    Plain(String id) {
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public String engine() {
      return "plain";
    }

    @Override
    public java.util.Optional<String> unfiltered() {
      return java.util.Optional.empty();
    }

    @Override
    public boolean healthy() {
      return !closed;
    }

    @Override
    public SandboxProcess start(ProcessSpec spec) throws SandboxException {
      throw new SandboxException("runs nothing");
    }

    @Override
    public Reach reach(Service service) {
      return Reach.At.of(service.address());
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
