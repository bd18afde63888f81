package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The sockets behind which sandboxes are, and who may use them. */
class DoorsTest {

  @Test
  void nobodyElseMayConnectAndNothingIsLeft() throws Exception {
    Path folder;
    Path gone;
    try (ApiFixture api = new ApiFixture((_, _) -> {});
        Door first = api.gateway.door()) {
      folder = first.address().getPath().getParent();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
          .isEqualTo("rwx------");
      try (Door second = api.gateway.door()) {
        gone = second.address().getPath();
        assertThat(gone).exists().isNotEqualTo(first.address().getPath());
      }
      assertThat(gone).doesNotExist();
      assertThat(first.address().getPath()).exists();
    }
    assertThat(folder).doesNotExist();
  }

  @Test
  void aSessionLeavesADoorWithItsEnd() throws Exception {
    try (ApiFixture api = new ApiFixture((_, _) -> {});
        Door door = api.gateway.door()) {
      SessionInfo info =
          new SessionInfo(SessionId.create(), "ssh", "ann", "x:1", Instant.now(), Map.of());
      Session session = Session.start(info, List.of(), List.of());
      door.admit(session);
      assertThat(door.sessions()).containsExactly(session);
      session.end("over");
      assertThat(door.sessions()).isEmpty();
      door.admit(session);
      assertThat(door.sessions()).isEmpty();
    }
  }
}
