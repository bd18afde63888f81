package dev.tapedeck.live;

import dev.tapedeck.event.SessionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a screen shows at one moment.
 *
 * @param sessions newest first
 * @param chosen the session that somebody looks at; null if there is none, or not yet
 * @param note what is wrong with what is shown, in a sentence; null if nothing is
 */
public record Scene(List<SessionRow> sessions, @Nullable Chosen chosen, @Nullable String note) {

  public static final Scene EMPTY = new Scene(List.of(), null, null);

  public Scene {
    sessions = List.copyOf(sessions);
  }

  /**
   * A session as one looks into it.
   *
   * @param terminals the names of its terminal tracks, oldest first
   * @param turns its conversation, oldest first
   * @param leftOut how many turns came before those
   * @param loading whether more of the recording is still being read
   * @param terminal the track that {@code picture} shows; null if none was chosen
   * @param picture null if no track was chosen, or if it shows nothing yet
   */
  public record Chosen(
      SessionId id,
      List<String> terminals,
      List<Turn> turns,
      long leftOut,
      boolean loading,
      @Nullable String terminal,
      @Nullable ScreenSnapshot picture) {

    public Chosen {
      terminals = List.copyOf(terminals);
      turns = List.copyOf(turns);
    }
  }

  /** Where a screen gets what it shows. */
  public interface Source {

    /** What there is now; the same object as long as nothing changes. Never waits. */
    Scene scene();

    /**
     * Somebody looks at a session.
     *
     * @param terminal the terminal track that they look at; null for the conversation
     */
    void choose(@Nullable SessionId session, @Nullable String terminal);
  }
}
