package dev.tapedeck.cli.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.live.Scene;
import dev.tapedeck.live.ScreenSnapshot;
import dev.tapedeck.live.SessionRow;
import dev.tapedeck.live.Turn;
import dev.tapedeck.recording.SessionJson;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.Track;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.testing.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is seen of sessions that the real recorder is writing. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FollowerTest {

  private static final String ASK =
      "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"go on\"}]}";

  @TempDir Path home;
  private Stage stage;
  private Follower follower;

  @BeforeEach
  void open() {
    stage = new Stage(home);
    follower = new Follower(new RecordingStore(home.resolve("recordings")), SessionJson::read);
    follower.start();
  }

  @AfterEach
  void close() {
    follower.close();
    stage.close();
  }

  private Scene until(Predicate<Scene> wanted) {
    return await().atMost(40, TimeUnit.SECONDS).until(follower::scene, wanted);
  }

  private Turn turn(Predicate<Turn> wanted) {
    Scene scene =
        until(now -> now.chosen() != null && now.chosen().turns().stream().anyMatch(wanted));
    return scene.chosen().turns().stream().filter(wanted).findFirst().orElseThrow();
  }

  private static boolean says(Turn turn, String text) {
    return turn.answered().stream().anyMatch(part -> part.text().equals(text));
  }

  @Test
  void exchangesAreSeenInFlightAndThenAsRecorded() throws Exception {
    Session session = stage.session("api", "alice");
    Track api = stage.api(session);
    follower.choose(session.info().id(), null);
    Stage.Call call = stage.ask(api, ASK).begin();
    call.block(0, "{\"type\":\"text\",\"text\":\"\"}").text(0, "on");
    assertThat(turn(turn -> says(turn, "on")).over()).isFalse();
    call.text(0, " and on").stop(0).end("end_turn", 9);
    Turn over = turn(turn -> turn.over() && says(turn, "on and on"));
    assertThat(over.end()).isEqualTo("complete");
    SessionRow row =
        until(scene -> scene.sessions().getFirst().exchanges() == 1).sessions().getFirst();
    assertThat(row.inputTokens()).isEqualTo(1200);
    assertThat(row.outputTokens()).isEqualTo(9);
    session.end("done");
    assertThat(until(scene -> !scene.sessions().getFirst().live()).sessions().getFirst().status())
        .isEqualTo("complete");
  }

  @Test
  void manyExchangesAreAllSeen() throws Exception {
    Session session = stage.session("api", "alice");
    Track api = stage.api(session);
    follower.choose(session.info().id(), null);
    for (int i = 0; i < 300; i++) {
      Stage.Call call = stage.ask(api, ASK.replace("go on", "question " + i)).begin();
      call.block(0, "{\"type\":\"text\",\"text\":\"\"}").text(0, "answer " + i).stop(0);
      if (i % 10 == 0) {
        call.finish(HttpEvent.End.CLIENT_ABORT);
      } else {
        call.end("end_turn", 1);
      }
    }
    Scene scene =
        until(now ->
            now.chosen() != null
                && now.chosen().turns().size() == 300
                && now.chosen().turns().stream().allMatch(Turn::over)
                && now.sessions().getFirst().exchanges() == 300);
    for (int i = 0; i < 300; i++) {
      Turn turn = scene.chosen().turns().get(i);
      assertThat(turn.asked()).extracting("text").containsExactly("question " + i);
      assertThat(turn.answered()).extracting("text").containsExactly("answer " + i);
      assertThat(turn.end()).isEqualTo(i % 10 == 0 ? "client_abort" : "complete");
    }
    session.end("done");
  }

  @Test
  void terminalsAreFollowed() throws Exception {
    Session session = stage.session("ssh", "bob");
    Track shell = stage.shell(session, 40, 5);
    Stage.print(shell, "hello");
    follower.choose(session.info().id(), "shell-1");
    assertThat(line(0, "hello").columns()).isEqualTo(40);
    Stage.print(shell, "\r\nworld");
    line(1, "world");
    Stage.exit(shell, 0);
    until(scene -> scene.chosen().picture() != null && scene.chosen().picture().exit() != null);
    session.end("done");
  }

  private ScreenSnapshot line(int row, String text) {
    return until(scene ->
            scene.chosen() != null
                && scene.chosen().picture() != null
                && scene.chosen().picture().lines().get(row).toString().strip().equals(text))
        .chosen()
        .picture();
  }

  @Test
  void ofALongRecordingTheEndIsSeen() throws Exception {
    Session session = stage.session("ssh", "bob");
    Track shell = stage.shell(session, 40, 5);
    shell.emit(new dev.tapedeck.event.Event.Resized(new dev.tapedeck.event.TerminalSize(60, 3)));
    String text = "all work and no play\r\n".repeat(1_000);
    for (int i = 0; i < 500; i++) {
      Stage.print(shell, text);
    }
    Stage.print(shell, "the end");
    session.end("done");
    follower.choose(session.info().id(), "shell-1");
    assertThat(line(2, "the end").columns()).isEqualTo(60);
  }

  @Test
  void whatIsNoRecordingIsPassedOver() throws Exception {
    Session session = stage.session("api", "alice");
    Track api = stage.api(session);
    stage.ask(api, ASK).begin().block(0, "{\"type\":\"text\",\"text\":\"\"}").end("end_turn", 1);
    session.end("done");
    Path folder;
    try (var all = Files.walk(home)) {
      folder =
          all.filter(path -> path.endsWith("session.json")).findFirst().orElseThrow().getParent();
    }
    Files.writeString(
        folder.resolve("shell-9.cast"),
        "{\"version\": 2, \"width\": 80, \"height\": 24}\n[1, \"o\"\n[2.0, \"o\", \"fine\"]\n");
    Files.writeString(
        folder.resolve("api.har"), "{\"log\":{\"entries\":[\n{nonsense},\n{\"request\":7}\n]}}\n");
    follower.choose(session.info().id(), "shell-9");
    line(0, "fine");
    until(scene -> scene.chosen().turns().size() == 1);
  }
}
