package dev.tapedeck.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Event;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.event.TrackType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionTest {

  private static final Duration TOLERANCE = Duration.ofMillis(900);

  private final List<Frame> frames = new ArrayList<>();

  private final Recorder recorder =
      new Recorder() {
        @Override
        public void started(SessionInfo info) {}

        @Override
        public void record(Frame frame) {
          frames.add(frame);
        }

        @Override
        public void ended(SessionInfo info, Instant at, String reason) {}
      };

  private Session startedAgo(Duration ago) throws Exception {
    Instant started = Instant.now().minus(ago);
    SessionInfo info =
        new SessionInfo(SessionId.create(), "ssh", "alice", "127.0.0.1:1", started, Map.of());
    return Session.start(info, List.of(recorder), List.of());
  }

  private static Event.TrackOpened opened() {
    return new Event.TrackOpened(Instant.now(), null, null, Map.of());
  }

  @Test
  void whenItStartedPlusAnEventsTimeIsTheWallClock() throws Exception {
    Session session = startedAgo(Duration.ofSeconds(30));
    session.open(TrackType.SHELL, opened());
    Instant said = session.info().started().plusNanos(frames.getFirst().time());
    assertThat(Duration.between(said, Instant.now()).abs()).isLessThan(TOLERANCE);
  }

  @Test
  void whatHappenedBeforeTheFirstTrackWasOpenedHasATimeOfItsOwn() throws Exception {
    Session session = startedAgo(Duration.ofSeconds(10));
    long now = System.nanoTime();
    long first = now - Duration.ofSeconds(8).toNanos();
    long second = now - Duration.ofSeconds(6).toNanos();
    Track track = session.open(TrackType.API, opened(), first);
    track.emit(new Event.Marker("first"), first);
    track.emit(new Event.Marker("second"), second);
    assertThat(frames.get(0).time()).isEqualTo(frames.get(1).time()).isPositive();
    assertThat(frames.get(2).time() - frames.get(1).time())
        .isEqualTo(Duration.ofSeconds(2).toNanos());
  }
}
