package dev.tapedeck.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tapedeck.event.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PruneTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir private Path root;
  private RecordingStore store;
  private SessionFolder old;
  private SessionFolder middle;
  private SessionFolder young;

  @BeforeEach
  void threeSessions() throws IOException {
    store = new RecordingStore(root);
    old = session(Duration.ofDays(30), 1000);
    middle = session(Duration.ofDays(10), 2000);
    young = session(Duration.ofDays(1), 4000);
    old.seal();
    middle.seal();
    young.seal();
  }

  @Test
  void sessionsThatAreTooOldGo() throws IOException {
    Prune.Outcome outcome = prune(Duration.ofDays(5), null, false);
    assertThat(outcome.removed())
        .extracting(Prune.Removed::id, Prune.Removed::bytes)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(old.id(), 1000L),
            org.assertj.core.groups.Tuple.tuple(middle.id(), 2000L));
    assertThat(outcome.keptBytes()).isEqualTo(4000);
    assertThat(outcome.failures()).isEmpty();
    assertThat(old.path()).doesNotExist();
    assertThat(middle.path()).doesNotExist();
    assertThat(young.path()).exists();
  }

  @Test
  void theOldestGoUntilTheSizeIsKept() throws IOException {
    assertThat(prune(null, 7000L, false).removed()).isEmpty();
    assertThat(prune(null, 6999L, false).removed())
        .extracting(Prune.Removed::path)
        .containsExactly(old.path());
    assertThat(prune(null, 0L, false).keptBytes()).isZero();
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void aDryRunRemovesNothingAndSaysTheSame() throws IOException {
    Prune.Outcome dry = prune(Duration.ofDays(20), 4000L, true);
    assertThat(old.path()).exists();
    assertThat(dry.removed()).hasSize(2);
    assertThat(prune(Duration.ofDays(20), 4000L, false)).isEqualTo(dry);
  }

  @Test
  void liveSessionsStay() throws IOException {
    SessionFolder live = session(Duration.ofDays(300), 100);
    Prune.Outcome outcome = prune(Duration.ofDays(0), 0L, false);
    assertThat(outcome.removed()).hasSize(3);
    assertThat(outcome.keptBytes()).isEqualTo(100 + SessionFolder.RESERVE_BYTES);
    assertThat(live.path()).exists();
    assertThat(live.isLive()).isTrue();
  }

  @Test
  void withoutLimitsNothingGoes() throws IOException {
    assertThat(prune(null, null, false).removed()).isEmpty();
  }

  @Test
  void negativeLimitsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Prune.Limits(Duration.ofDays(-1), null));
    assertThatIllegalArgumentException().isThrownBy(() -> new Prune.Limits(null, -1L));
  }

  private Prune.Outcome prune(Duration age, Long bytes, boolean dry) throws IOException {
    return new Prune(store).run(new Prune.Limits(age, bytes), NOW, dry);
  }

  private SessionFolder session(Duration age, int bytes) throws IOException {
    SessionFolder folder = store.create(SessionId.create(), NOW.minus(age));
    folder.writeWhole("session.json", new byte[bytes]);
    Files.setLastModifiedTime(folder.path().resolve("session.json"), FileTime.from(NOW.minus(age)));
    return folder;
  }
}
