package dev.tapedeck.catalog;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.Payload;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Sessions with their tracks and gaps as rows. Nothing here opens, commits or retries. */
final class SessionRows {

  /** How many sessions' tracks are asked for at once: SQLite allows some 32,000 parameters. */
  private static final int CHUNK = 500;

  private static final JsonMapper JSON = JsonMapper.shared();

  private SessionRows() {}

  /** Writes a session, in the place of what was known of it. */
  static void put(Handle handle, SessionRecord session) {
    String id = session.id().toString();
    handle
        .createUpdate(
            """
            INSERT INTO sessions (id, kind, user_name, source, started_ms, ended_ms, status, reason,
                attributes)
              VALUES (:id, :kind, :user, :source, :started, :ended, :status, :reason, :attributes)
              ON CONFLICT (id) DO UPDATE SET kind = :kind, user_name = :user, source = :source,
                started_ms = :started, ended_ms = :ended, status = :status, reason = :reason,
                attributes = :attributes\
            """)
        .bind("id", id)
        .bind("kind", session.kind())
        .bind("user", session.user())
        .bind("source", session.source())
        .bind("started", session.started().toEpochMilli())
        .bind("ended", millis(session.ended()))
        .bind("status", label(session.status()))
        .bind("reason", session.reason())
        .bind("attributes", JSON.writeValueAsString(session.attributes()))
        .execute();
    handle.execute("DELETE FROM tracks WHERE session_id = ?", id);
    handle.execute("DELETE FROM gaps WHERE session_id = ?", id);
    putTracks(handle, id, session.tracks());
    putGaps(handle, id, session.gaps());
  }

  private static void putTracks(Handle handle, String id, List<TrackRecord> tracks) {
    if (tracks.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO tracks (session_id, position, name, type, file, started_ms, command, events,
                bytes, exit_status, sha256, payloads)
              VALUES (:id, :position, :name, :type, :file, :started, :command, :events, :bytes,
                :exitStatus, :sha256, :payloads)\
            """);
    for (int i = 0; i < tracks.size(); i++) {
      TrackRecord track = tracks.get(i);
      batch
          .bind("id", id)
          .bind("position", i)
          .bind("name", track.name())
          .bind("type", track.type())
          .bind("file", track.file())
          .bind("started", track.startedMillis())
          .bind("command", track.command())
          .bind("events", track.events())
          .bind("bytes", track.bytes())
          .bind("exitStatus", track.exitStatus())
          .bind("sha256", track.sha256())
          .bind("payloads", JSON.writeValueAsString(track.payloads()))
          .add();
    }
    batch.execute();
  }

  private static void putGaps(Handle handle, String id, List<Gap> gaps) {
    if (gaps.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO gaps (session_id, position, track, from_ms, to_ms, events, bytes, reason)
              VALUES (:id, :position, :track, :from, :to, :events, :bytes, :reason)\
            """);
    for (int i = 0; i < gaps.size(); i++) {
      Gap gap = gaps.get(i);
      batch
          .bind("id", id)
          .bind("position", i)
          .bind("track", gap.track())
          .bind("from", gap.fromMillis())
          .bind("to", gap.toMillis())
          .bind("events", gap.events())
          .bind("bytes", gap.bytes())
          .bind("reason", gap.reason())
          .add();
    }
    batch.execute();
  }

  /** Forgets a session with all that it holds; false if it was not known. */
  static boolean delete(Handle handle, SessionId id) {
    ExchangeRows.delete(handle, id);
    TextRows.delete(handle, id);
    return handle.execute("DELETE FROM sessions WHERE id = ?", id.toString()) > 0;
  }

  /** Forgets all sessions. */
  static void clear(Handle handle) {
    handle.execute("DELETE FROM gaps");
    handle.execute("DELETE FROM tracks");
    handle.execute("DELETE FROM sessions");
  }

  /** The statement for a filter, with its conditions' names as parameters. */
  static String select(Filter filter) {
    List<String> conditions = new ArrayList<>();
    if (filter.user() != null) {
      conditions.add("user_name = :user");
    }
    if (filter.status() != null) {
      conditions.add("status = :status");
    }
    if (filter.since() != null) {
      conditions.add("started_ms >= :since");
    }
    return "SELECT * FROM sessions"
        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
        + " ORDER BY started_ms DESC, id DESC LIMIT :limit";
  }

  /** The sessions that a filter lets through, newest first. */
  static List<SessionRecord> list(Handle handle, Filter filter) {
    Query query = handle.createQuery(select(filter)).bind("limit", filter.limit());
    if (filter.user() != null) {
      query.bind("user", filter.user());
    }
    if (filter.status() != null) {
      query.bind("status", label(filter.status()));
    }
    if (filter.since() != null) {
      query.bind("since", filter.since().toEpochMilli());
    }
    return complete(handle, query);
  }

  /** The sessions whose ids begin so, newest first, at most {@code limit}. */
  static List<SessionRecord> startingWith(Handle handle, String prefix, int limit) {
    // A range, which an index serves; 'g' sorts behind every character of an id.
    return complete(
        handle,
        handle
            .createQuery(
                """
                SELECT * FROM sessions WHERE id >= :prefix AND id < :end
                  ORDER BY started_ms DESC, id DESC LIMIT :limit\
                """)
            .bind("prefix", prefix)
            .bind("end", prefix + "g")
            .bind("limit", limit));
  }

  private record Row(
      String id,
      String kind,
      String user,
      String source,
      Instant started,
      @Nullable Instant ended,
      Status status,
      @Nullable String reason,
      Map<String, String> attributes) {}

  private static List<SessionRecord> complete(Handle handle, Query query) {
    List<Row> rows = query.map((row, _) -> row(row)).list();
    List<SessionRecord> sessions = new ArrayList<>(rows.size());
    for (int from = 0; from < rows.size(); from += CHUNK) {
      List<Row> chunk = rows.subList(from, Math.min(rows.size(), from + CHUNK));
      List<String> ids = chunk.stream().map(Row::id).toList();
      Map<String, List<TrackRecord>> tracks = tracks(handle, ids);
      Map<String, List<Gap>> gaps = gaps(handle, ids);
      for (Row row : chunk) {
        sessions.add(
            new SessionRecord(
                SessionId.parse(row.id),
                row.kind,
                row.user,
                row.source,
                row.started,
                row.ended,
                row.status,
                row.reason,
                row.attributes,
                tracks.getOrDefault(row.id, List.of()),
                gaps.getOrDefault(row.id, List.of())));
      }
    }
    return sessions;
  }

  private static Row row(ResultSet row) throws SQLException {
    Long ended = number(row, "ended_ms");
    return new Row(
        row.getString("id"),
        row.getString("kind"),
        row.getString("user_name"),
        row.getString("source"),
        Instant.ofEpochMilli(row.getLong("started_ms")),
        ended == null ? null : Instant.ofEpochMilli(ended),
        Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
        row.getString("reason"),
        JSON.readValue(row.getString("attributes"), new TypeReference<Map<String, String>>() {}));
  }

  private static Map<String, List<TrackRecord>> tracks(Handle handle, List<String> ids) {
    Map<String, List<TrackRecord>> tracks = new HashMap<>();
    handle
        .createQuery(
            "SELECT * FROM tracks WHERE session_id IN (<ids>) ORDER BY session_id, position")
        .bindList("ids", ids)
        .map((row, _) ->
            tracks
                .computeIfAbsent(row.getString("session_id"), _ -> new ArrayList<>())
                .add(track(row)))
        .list();
    return tracks;
  }

  private static TrackRecord track(ResultSet row) throws SQLException {
    Long exitStatus = number(row, "exit_status");
    String payloads = row.getString("payloads");
    return new TrackRecord(
        row.getString("name"),
        row.getString("type"),
        row.getString("file"),
        row.getLong("started_ms"),
        row.getString("command"),
        row.getLong("events"),
        row.getLong("bytes"),
        exitStatus == null ? null : (Integer) exitStatus.intValue(),
        row.getString("sha256"),
        payloads.equals("[]")
            ? List.of()
            : JSON.readValue(payloads, new TypeReference<List<Payload>>() {}));
  }

  private static Map<String, List<Gap>> gaps(Handle handle, List<String> ids) {
    Map<String, List<Gap>> gaps = new HashMap<>();
    handle
        .createQuery("SELECT * FROM gaps WHERE session_id IN (<ids>) ORDER BY session_id, position")
        .bindList("ids", ids)
        .map((row, _) ->
            gaps.computeIfAbsent(row.getString("session_id"), _ -> new ArrayList<>()).add(gap(row)))
        .list();
    return gaps;
  }

  private static Gap gap(ResultSet row) throws SQLException {
    return new Gap(
        row.getString("track"),
        row.getLong("from_ms"),
        number(row, "to_ms"),
        row.getLong("events"),
        row.getLong("bytes"),
        row.getString("reason"));
  }

  static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : (Long) value;
  }

  private static @Nullable Long millis(@Nullable Instant time) {
    return time == null ? null : (Long) time.toEpochMilli();
  }

  private static String label(Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
