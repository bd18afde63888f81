package dev.tapedeck.catalog;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.llm.Usage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Exchanges as rows. */
final class ExchangeRows {

  private ExchangeRows() {}

  /** Writes exchanges, in the place of what was known of them. */
  static void put(Handle handle, List<Exchange> exchanges) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT OR REPLACE INTO exchanges (session_id, track, number, started_ms, method, url,
                status, logical_status, model, protocol, input, output, cache_read, cache_write,
                stop_reason, end_state, duration_ms, ttft_ms)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
            """);
    for (Exchange each : exchanges) {
      ExchangeRecord exchange = each.exchange();
      Usage usage = exchange.usage();
      batch.add(
          each.session().toString(),
          exchange.track(),
          exchange.number(),
          exchange.startedMillis(),
          exchange.method(),
          exchange.url(),
          exchange.status(),
          exchange.logicalStatus(),
          exchange.model(),
          exchange.protocol(),
          usage == null ? null : usage.input(),
          usage == null ? null : usage.output(),
          usage == null ? null : usage.cacheRead(),
          usage == null ? null : usage.cacheWrite(),
          exchange.stopReason(),
          exchange.end(),
          exchange.durationMillis(),
          exchange.ttftMillis());
    }
    batch.execute();
  }

  /** A session's exchanges, in the order in which they began. */
  static List<ExchangeRecord> list(Handle handle, SessionId session) {
    return handle
        .createQuery(
            """
            SELECT * FROM exchanges WHERE session_id = :session ORDER BY started_ms, track, number\
            """)
        .bind("session", session.toString())
        .map((row, _) -> exchange(row))
        .list();
  }

  static void delete(Handle handle, SessionId session) {
    handle.execute("DELETE FROM exchanges WHERE session_id = ?", session.toString());
  }

  /** Forgets those of sessions that the catalog does not know. */
  static void deleteStrays(Handle handle) {
    handle.execute("DELETE FROM exchanges WHERE session_id NOT IN (SELECT id FROM sessions)");
  }

  private static ExchangeRecord exchange(ResultSet row) throws SQLException {
    Long logical = SessionRows.number(row, "logical_status");
    return new ExchangeRecord(
        row.getString("track"),
        row.getLong("number"),
        row.getLong("started_ms"),
        row.getString("method"),
        row.getString("url"),
        row.getInt("status"),
        logical == null ? null : (Integer) logical.intValue(),
        row.getString("model"),
        row.getString("protocol"),
        usage(row),
        row.getString("stop_reason"),
        row.getString("end_state"),
        row.getLong("duration_ms"),
        SessionRows.number(row, "ttft_ms"));
  }

  private static @Nullable Usage usage(ResultSet row) throws SQLException {
    Usage usage =
        new Usage(
            SessionRows.number(row, "input"),
            SessionRows.number(row, "output"),
            SessionRows.number(row, "cache_read"),
            SessionRows.number(row, "cache_write"));
    return usage.equals(new Usage(null, null, null, null)) ? null : usage;
  }
}
