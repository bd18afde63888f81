package dev.tapedeck.catalog;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.llm.Part;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** What can be read, as rows, and the index of the pieces of its words. */
final class TextRows {

  /** What follows in one thing said is not found: some 150,000 words. */
  private static final int MAX_CHARS = 1 << 20;

  /** As much of a hash as tells apart what is said once in a session. */
  private static final int HASH_BYTES = 16;

  /** How many hashes are asked for at once: SQLite allows some 32,000 parameters. */
  private static final int CHUNK = 500;

  /** How many rows are indexed anew at once. */
  private static final int REBUILD_BATCH = 256;

  private TextRows() {}

  /** One to write; its hash is null where it may be there more than once. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Row(
      SessionId session,
      String track,
      @Nullable Long exchange,
      long millis,
      String kind,
      @Nullable String role,
      @Nullable String name,
      byte @Nullable [] hash,
      String searched,
      String kept) {}

  /** Writes what was said, unless the session has it already: agents say all again every time. */
  static void put(Handle handle, List<Exchange> exchanges) {
    Map<ByteBuffer, Row> rows = new LinkedHashMap<>();
    for (Exchange each : exchanges) {
      ExchangeRecord exchange = each.exchange();
      for (Part part : each.said().parts()) {
        byte[] hash = hash(each.session(), part);
        String text = cut(Encoded.without(ExchangeText.searchable(part)));
        if (!text.isBlank()) {
          rows.putIfAbsent(
              ByteBuffer.wrap(hash),
              new Row(
                  each.session(),
                  exchange.track(),
                  exchange.number(),
                  exchange.startedMillis(),
                  part.kind().name().toLowerCase(Locale.ROOT),
                  part.role(),
                  part.name(),
                  hash,
                  text,
                  text));
        }
      }
    }
    rows.keySet().removeAll(known(handle, List.copyOf(rows.keySet())));
    write(handle, List.copyOf(rows.values()));
  }

  private static Set<ByteBuffer> known(Handle handle, List<ByteBuffer> hashes) {
    Set<ByteBuffer> known = new HashSet<>();
    for (int from = 0; from < hashes.size(); from += CHUNK) {
      List<ByteBuffer> chunk = hashes.subList(from, Math.min(hashes.size(), from + CHUNK));
      handle
          .createQuery("SELECT hash FROM texts WHERE hash IN (<hashes>)")
          .bindList("hashes", chunk.stream().map(ByteBuffer::array).toList())
          .map((row, _) -> ByteBuffer.wrap(row.getBytes("hash")))
          .forEach(known::add);
    }
    return known;
  }

  /** Writes what a terminal showed. */
  static void put(Handle handle, SessionId session, String track, ScreenLines lines) {
    write(
        handle,
        List.of(
            new Row(
                session,
                track,
                null,
                lines.millis(),
                Hit.TERMINAL,
                null,
                null,
                null,
                lines.text(),
                lines.packed())));
  }

  /** Writes what was done to files. */
  static void put(Handle handle, SessionId session, List<FileOperation> operations) {
    write(
        handle,
        operations.stream()
            .map(operation ->
                new Row(
                    session,
                    operation.track(),
                    null,
                    operation.millis(),
                    Hit.FILE,
                    null,
                    operation.direction(),
                    null,
                    operation.searchable(),
                    operation.searchable()))
            .toList());
  }

  private static void write(Handle handle, List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    long id = handle.createQuery("SELECT MAX(id) FROM texts").mapTo(long.class).one();
    PreparedBatch texts =
        handle.prepareBatch(
            """
            INSERT INTO texts (id, session_id, track, exchange, time_ms, kind, role, name, hash,
                body)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
            """);
    PreparedBatch index = indexBatch(handle);
    try (PackedText packed = new PackedText()) {
      for (Row row : rows) {
        id++;
        texts.add(
            id,
            row.session.toString(),
            row.track,
            row.exchange,
            row.millis,
            row.kind,
            row.role,
            row.name,
            row.hash,
            packed.pack(row.kept));
        index.add(id, Grams.of(Folded.of(row.searched)));
      }
    }
    texts.execute();
    index.execute();
  }

  private static PreparedBatch indexBatch(Handle handle) {
    return handle.prepareBatch("INSERT INTO texts_index (rowid, grams) VALUES (?, ?)");
  }

  private static String cut(String text) {
    if (text.length() <= MAX_CHARS) {
      return text;
    }
    return text.substring(
        0, Character.isHighSurrogate(text.charAt(MAX_CHARS - 1)) ? MAX_CHARS - 1 : MAX_CHARS);
  }

  private static byte[] hash(SessionId session, Part part) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String value :
          new String[] {
            session.toString(),
            part.role(),
            part.kind().name(),
            string(part.name()),
            string(part.id()),
            part.text()
          }) {
        digest.update(value.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return Arrays.copyOf(digest.digest(), HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String string(@Nullable String value) {
    return Objects.requireNonNullElse(value, "");
  }

  /** Forgets what a session's terminals showed and its conversations said. */
  static void delete(Handle handle, SessionId session) {
    CutRows.delete(handle, session);
    delete(handle, "session_id = :session", Map.of("session", session.toString()));
  }

  /** Forgets what one track has. */
  static void delete(Handle handle, SessionId session, String track) {
    CutRows.delete(handle, session, track);
    delete(
        handle,
        "session_id = :session AND track = :track",
        Map.of("session", session.toString(), "track", track));
  }

  /** Makes the index anew of the texts that are there, if it is damaged. */
  static void mendIndex(Handle handle) {
    try {
      // SQLite's FTS5 documentation, section 6.4.
      handle.execute("INSERT INTO texts_index (texts_index) VALUES ('integrity-check')");
    } catch (UnableToExecuteStatementException damaged) {
      handle.execute("INSERT INTO texts_index (texts_index) VALUES ('delete-all')");
      index(handle);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Kept(long id, String kind, byte[] body) {}

  private static void index(Handle handle) {
    long last = Long.MIN_VALUE;
    try (PackedText packed = new PackedText()) {
      while (true) {
        List<Kept> rows =
            handle
                .createQuery(
                    "SELECT id, kind, body FROM texts WHERE id > :last ORDER BY id LIMIT "
                        + REBUILD_BATCH)
                .bind("last", last)
                .map((row, _) ->
                    new Kept(row.getLong("id"), row.getString("kind"), row.getBytes("body")))
                .list();
        if (rows.isEmpty()) {
          return;
        }
        PreparedBatch index = indexBatch(handle);
        for (Kept row : rows) {
          String text = packed.unpack(row.body);
          boolean terminal = row.kind.equals(Hit.TERMINAL);
          index.add(row.id, Grams.of(Folded.of(terminal ? ScreenLines.of(0, text).text() : text)));
          last = row.id;
        }
        index.execute();
      }
    }
  }

  /** Forgets those of sessions that the catalog does not know. */
  static void deleteStrays(Handle handle) {
    CutRows.deleteStrays(handle);
    delete(handle, "session_id NOT IN (SELECT id FROM sessions)", Map.of());
  }

  private static void delete(Handle handle, String which, Map<String, String> values) {
    handle.createUpdate("DELETE FROM texts WHERE " + which).bindMap(values).execute();
  }
}
