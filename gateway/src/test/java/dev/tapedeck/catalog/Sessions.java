package dev.tapedeck.catalog;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.Payload;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Sessions to put into catalogs. */
final class Sessions {

  static final Instant START = Instant.parse("2026-11-21T09:00:00.123Z");

  private Sessions() {}

  /** The id that a session begun so many seconds after the first has. */
  static SessionId id(int second) {
    long millis = START.plusSeconds(second).toEpochMilli();
    return new SessionId(new UUID(millis << 16 | 0x7000, 0x8000_0000_0000_0000L | second));
  }

  /** One with everything that a session can have. */
  static SessionRecord full(int second) {
    return new SessionRecord(
        id(second),
        "ssh",
        "alice",
        "127.0.0.1:" + (1024 + second),
        START.plusSeconds(second),
        START.plusSeconds(second + 60),
        Status.GAP,
        "client disconnected",
        Map.of("client_version", "SSH-2.0-Ä'\"", "sandbox", "namespace-1"),
        List.of(
            new TrackRecord("shell-1", "shell", "shell-1.cast", 5, null, 3, 40, 0, "ab", List.of()),
            new TrackRecord(
                "exec-2",
                "exec",
                "exec-2.cast",
                900,
                "tar c .",
                2,
                70_000_000_000L,
                null,
                null,
                List.of(
                    new Payload("output", 5, 60, 60, "cd"), new Payload("input", 0, 6, 4, null)))),
        List.of(
            new Gap("exec-2", 1000, null, 7, 99, "No space left on device"),
            new Gap("shell-1", 1000, 2000L, 1, 9, "Input/output error")));
  }

  /** A small one. */
  static SessionRecord plain(int second, String user, Status status) {
    return new SessionRecord(
        id(second),
        "ssh",
        user,
        "127.0.0.1:40000",
        START.plusSeconds(second),
        status == Status.LIVE ? null : START.plusSeconds(second + 1),
        status,
        status == Status.LIVE ? null : "exit",
        Map.of(),
        List.of(
            new TrackRecord(
                "shell-1", "shell", "shell-1.cast", 5, null, 3, 40, 0, null, List.of())),
        List.of());
  }
}
