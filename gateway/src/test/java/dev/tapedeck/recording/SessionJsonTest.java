package dev.tapedeck.recording;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.Payload;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SessionJsonTest {

  private static final SessionId ID = SessionId.parse("01936b3e-0000-7000-8000-000000000001");

  private static final SessionRecord SESSION =
      new SessionRecord(
          ID,
          "ssh",
          "älice",
          "127.0.0.1:40000",
          Instant.parse("2026-11-21T09:08:07Z"),
          Instant.parse("2026-11-21T09:08:09.5Z"),
          Status.GAP,
          "client disconnected",
          Map.of("sandbox", "namespace-7", "client_version", "SSH-2.0-OpenSSH_9.2"),
          List.of(
              new TrackRecord(
                  "shell-1", "shell", "shell-1.cast", 12, null, 3, 40, 0, "ab", List.of()),
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
                  List.of(new Payload("output", 5, 60, 50, "cd")))),
          List.of(new Gap("exec-2", 1000, null, 7, 99, "No space left on device")));

  private static final String WHOLE =
      """
      {
        "id": "01936b3e-0000-7000-8000-000000000001",
        "kind": "ssh",
        "user": "älice",
        "source": "127.0.0.1:40000",
        "started": "2026-11-21T09:08:07.000Z",
        "ended": "2026-11-21T09:08:09.500Z",
        "duration_ms": 2500,
        "status": "gap",
        "reason": "client disconnected",
        "bytes": 70000000040,
        "client_version": "SSH-2.0-OpenSSH_9.2",
        "sandbox": "namespace-7",
        "tracks": [
          {
            "name": "shell-1",
            "type": "shell",
            "file": "shell-1.cast",
            "started_ms": 12,
            "command": null,
            "events": 3,
            "bytes": 40,
            "exit_status": 0,
            "sha256": "ab",
            "payloads": []
          },
          {
            "name": "exec-2",
            "type": "exec",
            "file": "exec-2.cast",
            "started_ms": 900,
            "command": "tar c .",
            "events": 2,
            "bytes": 70000000000,
            "exit_status": null,
            "sha256": null,
            "payloads": [
              {
                "direction": "output",
                "offset": 5,
                "bytes": 60,
                "kept": 50,
                "sha256": "cd"
              }
            ]
          }
        ],
        "gaps": [
          {
            "track": "exec-2",
            "from_ms": 1000,
            "to_ms": null,
            "events": 7,
            "bytes": 99,
            "reason": "No space left on device"
          }
        ]
      }
      """;

  @Test
  void theFileHasTheNamesThatScriptsRelyOn() {
    assertThat(SessionJson.write(SESSION)).asString(UTF_8).isEqualTo(WHOLE);
  }

  @Test
  void whatWasWrittenIsReadBack() throws IOException {
    assertThat(read(WHOLE)).isEqualTo(SESSION);
  }

  @Test
  void aLiveSessionHasNoEnd() throws IOException {
    SessionRecord live =
        new SessionRecord(
            ID,
            "run",
            "bob",
            "local",
            Instant.parse("2026-11-21T09:08:07.123Z"),
            null,
            Status.LIVE,
            null,
            Map.of(),
            List.of(),
            List.of());
    String json = new String(SessionJson.write(live), UTF_8);
    assertThat(json)
        .contains("\"ended\": null", "\"duration_ms\": null", "\"status\": \"live\"")
        .contains("\"reason\": null", "\"tracks\": []", "\"gaps\": []");
    assertThat(read(json)).isEqualTo(live);
  }

  @Test
  void aRowCountsTheTracks() {
    assertThat(SessionJson.row(SESSION))
        .isEqualTo(
            """
            {"id":"01936b3e-0000-7000-8000-000000000001","kind":"ssh","user":"älice",\
            "source":"127.0.0.1:40000","started":"2026-11-21T09:08:07.000Z",\
            "ended":"2026-11-21T09:08:09.500Z","duration_ms":2500,"status":"gap","tracks":2,\
            "bytes":70000000040}\
            """);
  }

  @Test
  void whatIsShownHasTracksAndExchanges() {
    assertThat(SessionJson.shown(SESSION, _ -> {}, _ -> {}) + "\n")
        .isEqualTo(
            WHOLE.replace("\n  ]\n}\n", "\n  ],\n  \"exchanges\": [],\n  \"files\": []\n}\n"));
    assertThat(SessionJson.shown(SESSION, exchanges -> exchanges.add(7), files -> files.add(8)))
        .endsWith("\"exchanges\": [\n    7\n  ],\n  \"files\": [\n    8\n  ]\n}");
  }

  @Test
  void unknownStringsAreAttributesAndOtherUnknownsAreLeftOut() throws IOException {
    SessionRecord read =
        read(WHOLE.replace("\"sandbox\":", "\"later\": {\"x\": 1}, \"key\": \"k\", \"sandbox\":"));
    assertThat(read.attributes())
        .containsOnly(
            Map.entry("client_version", "SSH-2.0-OpenSSH_9.2"),
            Map.entry("key", "k"),
            Map.entry("sandbox", "namespace-7"));
  }

  @Test
  void anAttributeCannotHideWhatTheFileSays() {
    SessionRecord bad =
        new SessionRecord(
            ID,
            "ssh",
            "a",
            "b",
            Instant.EPOCH,
            null,
            Status.LIVE,
            null,
            Map.of("status", "complete"),
            List.of(),
            List.of());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SessionJson.write(bad))
        .withMessage("an attribute of a session cannot be called status");
  }

  @Test
  void whatIsWrongIsNamedWithItsPlace() {
    refused("", "it is not an object");
    refused("[]", "it is not an object");
    refused("{\n\"id\": ", "not JSON at line 2, column 7: ");
    refused(WHOLE.replace("\"kind\": \"ssh\",", ""), "kind is missing");
    refused(WHOLE.replace("\"ssh\"", "7"), "kind is not a string");
    refused(WHOLE.replace("01936b3e-", "x"), "id cannot be 'x0000-7000-8000-000000000001'");
    refused(WHOLE.replace("07.000Z", "??"), "started cannot be '2026-11-21T09:08:??'");
    refused(WHOLE.replace("\"gap\"", "\"fine\""), "status cannot be 'fine'");
    refused(WHOLE.replace("\"events\": 2", "\"events\": 2.5"), "tracks[1].events is not a whole");
    refused(WHOLE.replace("\"offset\": 5,", ""), "tracks[1].payloads[0].offset is missing");
    refused(WHOLE.replace("\"from_ms\": 1000", "\"from_ms\": null"), "gaps[0].from_ms is missing");
    refused(WHOLE.replace("\"payloads\": []", "\"payloads\": 1"), "tracks[0].payloads is not an");
  }

  private static void refused(String json, String reason) {
    assertThatIOException()
        .isThrownBy(() -> read(json))
        .withMessageStartingWith("cannot read /data/session.json: " + reason);
  }

  @Test
  void itIsReadFromItsFolder(@TempDir Path root) throws IOException {
    SessionFolder folder = new RecordingStore(root).create(ID, SESSION.started());
    assertThatIOException()
        .isThrownBy(() -> SessionJson.read(folder))
        .withMessage(
            "cannot read " + folder.path().resolve("session.json") + ": no such file or folder");
    folder.writeWhole(SessionFolder.SUMMARY, SessionJson.write(SESSION));
    assertThat(SessionJson.read(folder)).isEqualTo(SESSION);
    folder.writeWhole(SessionFolder.SUMMARY, new byte[] {'{', '"', (byte) 0xff, '"'});
    assertThatIOException()
        .isThrownBy(() -> SessionJson.read(folder))
        .withMessageStartingWith(
            "cannot read " + folder.path().resolve("session.json") + ": not JSON at line 1");
  }

  private static SessionRecord read(String json) throws IOException {
    return SessionJson.read(json.getBytes(UTF_8), "/data/session.json");
  }
}
