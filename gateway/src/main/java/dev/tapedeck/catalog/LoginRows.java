package dev.tapedeck.catalog;

import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.event.SessionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Attempts to log in as rows. */
final class LoginRows {

  /** A name or version is kept no longer: whoever is refused may send anything. */
  static final int MAX_CHARS = 256;

  private static final String ELLIPSIS = "…";

  private LoginRows() {}

  static void put(Handle handle, LoginAttempt login) {
    SessionId session = login.session();
    handle
        .createUpdate(
            """
            INSERT INTO logins (id, time_ms, source, user_name, method, outcome, fingerprint,
                client_version, session_id)
              VALUES (:id, :time, :source, :user, :method, :outcome, :fingerprint, :version,
                :session)\
            """)
        .bind("id", UUID.randomUUID().toString())
        .bind("time", login.time().toEpochMilli())
        .bind("source", login.source())
        .bind("user", cut(login.user()))
        .bind("method", cut(login.method()))
        .bind("outcome", login.outcome().name().toLowerCase(Locale.ROOT))
        .bind("fingerprint", cut(login.fingerprint()))
        .bind("version", cut(login.clientVersion()))
        .bind("session", session == null ? null : session.toString())
        .execute();
  }

  private static @Nullable String cut(@Nullable String text) {
    if (text == null || text.length() <= MAX_CHARS) {
      return text;
    }
    int end = MAX_CHARS - ELLIPSIS.length();
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
        + ELLIPSIS;
  }

  /**
   * Forgets the oldest.
   *
   * @param rows so many stay at most
   * @param since and none that is older
   * @return how many went
   */
  static int prune(Handle handle, long rows, Instant since) {
    return handle
        .createUpdate(
            """
            DELETE FROM logins WHERE time_ms < :since OR id IN (
              SELECT id FROM logins ORDER BY time_ms DESC, id DESC LIMIT -1 OFFSET :rows)\
            """)
        .bind("since", since.toEpochMilli())
        .bind("rows", rows)
        .execute();
  }

  /** The statement for a filter, with its conditions' names as parameters. */
  static String select(Filter filter) {
    List<String> conditions = new ArrayList<>();
    if (filter.user() != null) {
      conditions.add("user_name = :user");
    }
    if (filter.since() != null) {
      conditions.add("time_ms >= :since");
    }
    return "SELECT * FROM logins"
        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
        + " ORDER BY time_ms DESC, id DESC LIMIT :limit";
  }

  /** The attempts that a filter lets through, newest first. */
  static List<LoginAttempt> list(Handle handle, Filter filter) {
    if (filter.status() != null) {
      throw new IllegalArgumentException("a login has no recording, and so no status of one");
    }
    Query query = handle.createQuery(select(filter)).bind("limit", filter.limit());
    if (filter.user() != null) {
      query.bind("user", filter.user());
    }
    if (filter.since() != null) {
      query.bind("since", filter.since().toEpochMilli());
    }
    return query.map((row, _) -> login(row)).list();
  }

  private static LoginAttempt login(ResultSet row) throws SQLException {
    String session = row.getString("session_id");
    return new LoginAttempt(
        Instant.ofEpochMilli(row.getLong("time_ms")),
        row.getString("source"),
        row.getString("user_name"),
        row.getString("method"),
        LoginAttempt.Outcome.valueOf(row.getString("outcome").toUpperCase(Locale.ROOT)),
        row.getString("fingerprint"),
        row.getString("client_version"),
        session == null ? null : SessionId.parse(session));
  }
}
