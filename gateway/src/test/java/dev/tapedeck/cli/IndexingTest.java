package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.catalog.Catalog;
import dev.tapedeck.catalog.CatalogException;
import dev.tapedeck.catalog.CatalogOptions;
import dev.tapedeck.catalog.ExchangeRecord;
import dev.tapedeck.catalog.Hit;
import dev.tapedeck.catalog.SearchQuery;
import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.recording.SessionRecorder;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.session.Track;
import dev.tapedeck.storage.RecordingStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexingTest {

  @TempDir Path folder;
  private Catalog catalog;
  private SessionRecorder recorder;

  private Session start(long textLimit) throws IOException {
    catalog =
        Catalog.open(
            folder.resolve("catalog.db"),
            new CatalogOptions(Duration.ofSeconds(5), 1000, textLimit));
    RecordingStore store = new RecordingStore(folder.resolve("recordings"));
    recorder = new SessionRecorder(store, RecordingOptions.DEFAULT, new Indexing(catalog, store));
    SessionInfo info =
        new SessionInfo(SessionId.create(), "ssh", "alice", "x:1", Instant.now(), Map.of());
    return Session.start(info, List.of(recorder), List.of());
  }

  @AfterEach
  void close() {
    recorder.close();
    catalog.close();
  }

  private static Track open(Session session, TrackType type) throws IOException {
    return session.open(type, new Event.TrackOpened(Instant.now(), null, null, Map.of()));
  }

  private static void exchange(Track api, long number, String said) throws IOException {
    List<HttpHeader> json = List.of(new HttpHeader("Content-Type", "application/json"));
    api.emit(
        new HttpEvent.Requested(
            number,
            Instant.now(),
            "anthropic",
            "POST",
            "https://api.example/v1/messages",
            "HTTP/1.1",
            json));
    String request = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + said + "\"}]}";
    api.emit(new HttpEvent.Body(number, Side.REQUEST, Bytes.of(request), false));
    api.emit(new HttpEvent.Answered(number, 200, "OK", "HTTP/1.1", json));
    api.emit(new HttpEvent.Body(number, Side.RESPONSE, Bytes.of("{}"), false));
    api.emit(new HttpEvent.Finished(number, HttpEvent.End.COMPLETE, null));
  }

  private List<String> tracks(String typed) throws CatalogException {
    return catalog.search(SearchQuery.of(typed, null, 9)).stream().map(Hit::track).toList();
  }

  @Test
  void anExchangeIsFoundWhileItsSessionLives() throws IOException {
    Session session = start(10_000);
    exchange(open(session, TrackType.API), 1, "a walrus");
    await().untilAsserted(() -> assertThat(tracks("walrus")).containsExactly("api"));
    assertThat(catalog.exchanges(session.info().id()))
        .extracting(ExchangeRecord::end)
        .containsExactly("complete");
    session.end("done");
  }

  @Test
  void aTerminalIsFoundWhenItsProgramHasEnded() throws IOException {
    Session session = start(10_000);
    Track shell = open(session, TrackType.SHELL);
    Track other = open(session, TrackType.EXEC);
    shell.emit(new Event.Output(Bytes.of("here is a walrus\r\n")));
    other.emit(new Event.Output(Bytes.of("and another walrus\r\n")));
    shell.close(new ExitStatus.Code(0));
    await().untilAsserted(() -> assertThat(tracks("walrus")).containsExactly("shell-1"));
    session.end("done");
    await()
        .untilAsserted(
            () -> assertThat(tracks("walrus")).containsExactlyInAnyOrder("shell-1", "exec-2"));
  }

  @Test
  void aTransferIsFoundWhenItHasEnded() throws IOException {
    Session session = start(10_000);
    Track files = open(session, TrackType.FILES);
    files.emit(new Event.FileOperation("write", "/tmp/walrus.pdf", null, 12, "ab", null));
    files.close(new ExitStatus.Code(0));
    await().untilAsserted(() -> assertThat(tracks("walrus")).containsExactly("files-1"));
    session.end("done");
  }

  @Test
  void whatFoundNoRoomIsReadFromTheRecordingInTheEnd() throws IOException {
    Session session = start(0);
    Track api = open(session, TrackType.API);
    exchange(api, 1, "a walrus");
    exchange(api, 2, "a dugong");
    await().untilAsserted(() -> assertThat(catalog.exchanges(session.info().id())).hasSize(2));
    assertThat(tracks("walrus")).isEmpty();
    session.end("done");
    await().untilAsserted(() -> assertThat(tracks("dugong")).containsExactly("api"));
    assertThat(tracks("walrus")).containsExactly("api");
    assertThat(catalog.exchanges(session.info().id())).hasSize(2);
  }
}
