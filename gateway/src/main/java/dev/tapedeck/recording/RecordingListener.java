package dev.tapedeck.recording;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.session.SessionRecord;
import java.util.List;
import java.util.function.Consumer;

/** Told what becomes known of recordings; what it does must not take long. */
public interface RecordingListener {

  /** What is known of a session has changed. */
  void session(SessionRecord session);

  /**
   * An exchange is over.
   *
   * @param entry as it stands in the HAR; not to be changed
   */
  void exchange(SessionId session, String track, Obj entry);

  /** All of these, one after the other. */
  static RecordingListener all(List<RecordingListener> listeners) {
    List<RecordingListener> each = List.copyOf(listeners);
    return new RecordingListener() {
      @Override
      public void session(SessionRecord session) {
        each.forEach(listener -> listener.session(session));
      }

      @Override
      public void exchange(SessionId session, String track, Obj entry) {
        each.forEach(listener -> listener.exchange(session, track, entry));
      }
    };
  }

  /** One that does not care for exchanges. */
  static RecordingListener of(Consumer<SessionRecord> sessions) {
    return new RecordingListener() {
      @Override
      public void session(SessionRecord session) {
        sessions.accept(session);
      }

      @Override
      public void exchange(SessionId session, String track, Obj entry) {
        // The session's record says that there is one more.
      }
    };
  }
}
