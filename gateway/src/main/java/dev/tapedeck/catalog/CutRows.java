package dev.tapedeck.catalog;

import dev.tapedeck.event.SessionId;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Tracks of whose output only the beginning is indexed, as rows. */
final class CutRows {

  private CutRows() {}

  static void put(Handle handle, SessionId session, String track, long bytes) {
    handle.execute(
        "INSERT OR REPLACE INTO cut_tracks (session_id, track, bytes) VALUES (?, ?, ?)",
        session.toString(),
        track,
        bytes);
  }

  /**
   * The newest.
   *
   * @param session only its own; null for all
   */
  static List<CutTrack> list(Handle handle, @Nullable SessionId session, int limit) {
    Query query =
        handle
            .createQuery(
                """
                SELECT * FROM cut_tracks <session> ORDER BY session_id DESC, track LIMIT :limit\
                """)
            .define("session", session == null ? "" : "WHERE session_id = :session")
            .bind("limit", limit);
    if (session != null) {
      query.bind("session", session.toString());
    }
    return query
        .map((row, _) ->
            new CutTrack(
                SessionId.parse(row.getString("session_id")),
                row.getString("track"),
                row.getLong("bytes")))
        .list();
  }

  static void delete(Handle handle, SessionId session) {
    handle.execute("DELETE FROM cut_tracks WHERE session_id = ?", session.toString());
  }

  static void delete(Handle handle, SessionId session, String track) {
    handle.execute(
        "DELETE FROM cut_tracks WHERE session_id = ? AND track = ?", session.toString(), track);
  }

  /** Forgets those of sessions that the catalog does not know. */
  static void deleteStrays(Handle handle) {
    handle.execute("DELETE FROM cut_tracks WHERE session_id NOT IN (SELECT id FROM sessions)");
  }
}
