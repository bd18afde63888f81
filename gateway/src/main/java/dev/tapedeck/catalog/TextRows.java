package dev.tapedeck.catalog;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.llm.Part;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** What can be read, as rows, and the index of their words. */
final class TextRows {

  /** What follows in one thing said is not found: some 150,000 words. */
  private static final int MAX_CHARS = 1 << 20;

  /** How many words a hit's context has. */
  private static final int CONTEXT_WORDS = 24;

  /** Their length, where they are long. */
  private static final int MAX_CONTEXT_CHARS = 600;

  private static final String ELLIPSIS = "…";

  private TextRows() {}

  /** Writes what was said, unless the session has it already: agents say all again every time. */
  static void put(Handle handle, List<Exchange> exchanges) {
    PreparedBatch batch = batch(handle);
    for (Exchange each : exchanges) {
      ExchangeRecord exchange = each.exchange();
      for (Part part : each.said().parts()) {
        String text = cut(Said.searchable(part));
        if (!text.isBlank()) {
          batch.add(
              each.session().toString(),
              exchange.track(),
              exchange.number(),
              exchange.startedMillis(),
              part.kind().name().toLowerCase(Locale.ROOT),
              part.role(),
              part.name(),
              hash(part),
              null,
              text);
        }
      }
    }
    batch.execute();
  }

  /** Writes what a terminal showed. */
  static void put(Handle handle, SessionId session, String track, TerminalText.Block block) {
    batch(handle)
        .add(
            session.toString(),
            track,
            null,
            block.millis(),
            Hit.TERMINAL,
            null,
            null,
            null,
            block.marks(),
            block.text())
        .execute();
  }

  /** Writes what was done to a file. */
  static void put(Handle handle, SessionId session, FileOperation operation) {
    batch(handle)
        .add(
            session.toString(),
            operation.track(),
            null,
            operation.millis(),
            Hit.FILE,
            null,
            operation.direction(),
            null,
            null,
            operation.searchable())
        .execute();
  }

  /** The index follows by itself. */
  private static PreparedBatch batch(Handle handle) {
    return handle.prepareBatch(
        """
        INSERT INTO texts (session_id, track, exchange, time_ms, kind, role, name, hash, marks,
            text)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (session_id, hash) DO NOTHING\
        """);
  }

  private static String cut(String text) {
    if (text.length() <= MAX_CHARS) {
      return text;
    }
    return text.substring(
        0, Character.isHighSurrogate(text.charAt(MAX_CHARS - 1)) ? MAX_CHARS - 1 : MAX_CHARS);
  }

  private static byte[] hash(Part part) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String value :
          new String[] {
            part.role(), part.kind().name(), string(part.name()), string(part.id()), part.text()
          }) {
        digest.update(value.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String string(@Nullable String value) {
    return Objects.requireNonNullElse(value, "");
  }

  /** Forgets what a session's terminals showed and its conversations said. */
  static void delete(Handle handle, SessionId session) {
    delete(handle, "session_id = :session", Map.of("session", session.toString()));
  }

  /** Forgets what one track has. */
  static void delete(Handle handle, SessionId session, String track) {
    delete(
        handle,
        "session_id = :session AND track = :track",
        Map.of("session", session.toString(), "track", track));
  }

  /** Makes the words' index anew, of the texts that are there (FTS5 documentation, section 6.8). */
  static void rebuildIndex(Handle handle) {
    handle.execute("INSERT INTO texts_index (texts_index) VALUES ('rebuild')");
  }

  /** Forgets those of sessions that the catalog does not know. */
  static void deleteStrays(Handle handle) {
    delete(handle, "session_id NOT IN (SELECT id FROM sessions)", Map.of());
  }

  private static void delete(Handle handle, String which, Map<String, String> values) {
    handle.createUpdate("DELETE FROM texts WHERE " + which).bindMap(values).execute();
  }

  /** The best hits, best first; of equally good ones the newer. */
  static List<Hit> search(Handle handle, SearchQuery wanted) {
    SessionId session = wanted.session();
    // The inner query ranks without looking at any text; only what is shown gets its context.
    Query query =
        handle
            .createQuery(
                """
                SELECT t.*, texts_index.rank AS score,
                    snippet(texts_index, 0, char(2), char(3), '…', <words>) AS context
                  FROM texts_index JOIN texts t ON t.id = texts_index.rowid
                  WHERE texts_index MATCH :words AND texts_index.rowid IN (<best>)
                  ORDER BY texts_index.rank, t.id DESC\
                """)
            .define("words", CONTEXT_WORDS)
            .define("best", best(session != null))
            .bind("words", wanted.expression())
            .bind("limit", wanted.limit());
    if (session != null) {
      query.bind("session", session.toString());
    }
    return query.map((row, _) -> hit(row)).list();
  }

  private static String best(boolean inSession) {
    return inSession
        ? """
        SELECT s.id FROM texts_index i JOIN texts s ON s.id = i.rowid
          WHERE i.texts_index MATCH :words AND s.session_id = :session
          ORDER BY i.rank, s.id DESC LIMIT :limit\
        """
        : """
        SELECT rowid FROM texts_index WHERE texts_index MATCH :words
          ORDER BY rank, rowid DESC LIMIT :limit\
        """;
  }

  private static Hit hit(ResultSet row) throws SQLException {
    String context = row.getString("context");
    String marks = row.getString("marks");
    String kind = row.getString("kind");
    long millis = row.getLong("time_ms");
    return new Hit(
        SessionId.parse(row.getString("session_id")),
        row.getString("track"),
        marks == null
            ? millis
            : TerminalText.Block.millis(millis, marks, offset(row.getString("text"), context)),
        kind,
        row.getString("role"),
        row.getString("name"),
        SessionRows.number(row, "exchange"),
        kind.equals(Hit.FILE) ? whole(row.getString("text"), context) : shorten(context),
        row.getDouble("score"));
  }

  /** The text with the marks of its part. */
  private static String whole(String text, String context) {
    String piece = piece(context);
    String plain = plain(piece);
    int at = text.indexOf(plain);
    return at < 0 ? text : text.substring(0, at) + piece + text.substring(at + plain.length());
  }

  /** A word may be of any length, such as encoded bytes. */
  private static String shorten(String context) {
    if (context.length() <= MAX_CONTEXT_CHARS) {
      return context;
    }
    int begin = Math.max(0, context.indexOf(Hit.BEGIN) - MAX_CONTEXT_CHARS / 3);
    int end = Math.min(context.length(), begin + MAX_CONTEXT_CHARS);
    String cut = context.substring(begin, end);
    boolean open = cut.lastIndexOf(Hit.BEGIN) > cut.lastIndexOf(Hit.END);
    return (begin > 0 ? ELLIPSIS : "")
        + cut
        + (open ? Hit.END : "")
        + (end < context.length() ? ELLIPSIS : "");
  }

  /** Where the first word that was looked for stands in the text of which the context is a part. */
  private static int offset(String text, String context) {
    String piece = piece(context);
    int first = Math.max(0, piece.indexOf(Hit.BEGIN));
    return Math.max(0, text.indexOf(plain(piece))) + first;
  }

  private static String plain(String piece) {
    return piece.replace(String.valueOf(Hit.BEGIN), "").replace(String.valueOf(Hit.END), "");
  }

  /** A context without the signs that something is left out. */
  private static String piece(String context) {
    String piece = context;
    if (piece.startsWith(ELLIPSIS)) {
      piece = piece.substring(ELLIPSIS.length());
    }
    if (piece.endsWith(ELLIPSIS)) {
      piece = piece.substring(0, piece.length() - ELLIPSIS.length());
    }
    return piece;
  }
}
