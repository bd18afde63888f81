package dev.tapedeck.catalog;

import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * Sessions, their exchanges, the words that were said and shown, and logins, in an SQLite file.
 *
 * <p>Safe for use by many threads, and several programs may have one file open at once: it is in
 * WAL mode, so that readers and a writer do not wait for each other. {@link #put}, {@link #login},
 * {@link #exchange}, {@link #terminal}, {@link #files} and {@link #contents} only queue and never
 * wait nor fail; everything else works on the caller's thread, which should be a platform thread,
 * since SQLite's native calls pin a virtual one.
 *
 * <p>Where {@link #open} fails, run without: log its message, show it to the person who started the
 * gateway, and put nothing.
 */
public final class Catalog implements AutoCloseable {

  /** How many sessions {@link Resolution.Ambiguous} names at most. */
  public static final int MAX_CANDIDATES = 10;

  /** How long {@link #flush} waits. */
  private static final Duration FLUSH_LIMIT = Duration.ofSeconds(30);

  private static final Pattern PREFIX = Pattern.compile("[0-9a-f-]{1,36}");

  private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);

  private final Path file;
  private final Jdbi readers;
  private final Jdbi writers;
  private final WriteQueue queue;
  private final ExchangeQueue exchanges;
  private final LoginQueue logins;
  private final long outputLimit;

  private Catalog(Path file, Jdbi readers, Jdbi writers, WriteQueue queue, CatalogOptions options) {
    this.file = file;
    this.readers = readers;
    this.writers = writers;
    this.queue = queue;
    this.exchanges = new ExchangeQueue(queue, options.textLimit());
    this.logins = new LoginQueue(queue, options);
    this.outputLimit = options.outputLimit();
  }

  /**
   * Opens the catalog at an address: {@code sqlite:PATH}, or a path.
   *
   * @throws CatalogException as {@link #open(Path, CatalogOptions)}, and if the address is not one
   */
  public static Catalog open(String url) throws CatalogException {
    return open(CatalogUrl.parse(url), CatalogOptions.DEFAULT);
  }

  /** Opens the catalog in a file, with the usual options. */
  public static Catalog open(Path file) throws CatalogException {
    return open(file, CatalogOptions.DEFAULT);
  }

  /**
   * Opens the catalog in a file, making the file (0600), its folder (0700) and the tables where
   * they are missing.
   *
   * @throws CatalogException in one sentence, if the file is damaged, locked, not writable, or made
   *     by a newer version or by another program
   */
  public static Catalog open(Path file, CatalogOptions options) throws CatalogException {
    Path absolute = CatalogUrl.parse("sqlite:" + file.toAbsolutePath());
    CatalogFile.make(absolute);
    Jdbi readers =
        Jdbi.create(CatalogFile.source(absolute, options, SQLiteConfig.TransactionMode.DEFERRED));
    DataSource writing =
        CatalogFile.source(absolute, options, SQLiteConfig.TransactionMode.IMMEDIATE);
    Schema.migrate(writing, absolute);
    Jdbi writers = Jdbi.create(writing);
    WriteQueue queue = new WriteQueue(writers, absolute, options.queueLimit());
    queue.start();
    return new Catalog(absolute, readers, writers, queue, options);
  }

  /** Queues what is known of a session now, in the place of what was known of it before. */
  public void put(SessionRecord session) {
    queue.add(handle -> SessionRows.put(handle, session));
  }

  /** Queues an attempt to log in; old ones go. */
  public void login(LoginAttempt login) {
    logins.add(login);
  }

  /**
   * Queues an exchange with what was said in it.
   *
   * @param entry as it stands in the HAR; nothing of it is changed
   * @return false if there is no room for what was said: then {@link #contents} makes up for it,
   *     when the session is over
   */
  public boolean exchange(SessionId session, String track, Obj entry) {
    return exchanges.add(Exchange.of(session, track, entry));
  }

  /** Queues what a terminal showed, in the place of what was known of it. */
  public void terminal(SessionId session, TrackRecord track, Path cast) {
    queue.addLong(
        handle -> warn(SessionIndexer.terminal(handle, session, track, cast, outputLimit)));
  }

  /** Queues what was done to files on a track, in the place of what was known of it. */
  public void files(SessionId session, TrackRecord track, Path file) {
    queue.addLong(handle -> warn(SessionIndexer.files(handle, session, track, file, outputLimit)));
  }

  /** Queues all that a session's folder holds, in the place of what was known of it. */
  public void contents(SessionRecord session, Path folder) {
    queue.addLong(
        handle -> SessionIndexer.put(handle, session, folder, outputLimit).forEach(Catalog::warn));
  }

  private static void warn(@Nullable String problem) {
    if (problem != null) {
      LOG.warn("A recording is only partly searchable: {}", problem);
    }
  }

  /** The exchanges of a session, in the order in which they began. */
  public List<ExchangeRecord> exchanges(SessionId session) throws CatalogException {
    return read(handle -> ExchangeRows.list(handle, session));
  }

  /** Where words stand: the best places, best first. */
  public List<Hit> search(SearchQuery query) throws CatalogException {
    return read(handle -> TextSearch.hits(handle, query));
  }

  /**
   * Tracks of whose output only the beginning is found, those of the newest sessions first.
   *
   * @param session only its own; null for all
   */
  public List<CutTrack> cutTracks(@Nullable SessionId session, int limit) throws CatalogException {
    return read(handle -> CutRows.list(handle, session, limit));
  }

  /** The sessions that a filter lets through, newest first. */
  public List<SessionRecord> sessions(Filter filter) throws CatalogException {
    return read(handle -> SessionRows.list(handle, filter));
  }

  /** One session. */
  public Optional<SessionRecord> session(SessionId id) throws CatalogException {
    return read(handle -> SessionRows.startingWith(handle, id.toString(), 1).stream().findFirst());
  }

  /** The session that somebody means by an id, the unique beginning of one, or {@code latest}. */
  public Resolution resolve(String text) throws CatalogException {
    if (text.equals("latest")) {
      return resolution(sessions(Filter.newest(1)));
    }
    String prefix = text.toLowerCase(Locale.ROOT);
    return PREFIX.matcher(prefix).matches()
        ? resolution(read(handle -> SessionRows.startingWith(handle, prefix, MAX_CANDIDATES)))
        : new Resolution.None();
  }

  private static Resolution resolution(List<SessionRecord> found) {
    return switch (found.size()) {
      case 0 -> new Resolution.None();
      case 1 -> new Resolution.Found(found.getFirst());
      default -> new Resolution.Ambiguous(found);
    };
  }

  /**
   * Attempts to log in, newest first.
   *
   * @throws IllegalArgumentException if the filter asks for a status
   */
  public List<LoginAttempt> logins(Filter filter) throws CatalogException {
    return read(handle -> LoginRows.list(handle, filter));
  }

  /** Forgets a session, after what is queued is written; false if it was not known. */
  public boolean delete(SessionId id) throws CatalogException {
    flush();
    return write(handle -> SessionRows.delete(handle, id));
  }

  /**
   * Makes the index of sessions anew, in one transaction: until it is done everybody sees the old
   * one, and if it fails it stays. Logins stay as they are, and so does what sessions hold that are
   * still there: see {@link #rebuildContents}. Changes that are put meanwhile are written
   * afterwards.
   *
   * @param sessions taken one after the other while the database is locked, so that none can change
   *     between being read and being written; closed at the end
   * @param progress is told how many are done, after each
   * @return how many there were
   * @throws CatalogException also if the stream fails
   */
  public long rebuild(Stream<SessionRecord> sessions, LongConsumer progress)
      throws CatalogException {
    flush();
    try (sessions) {
      return write(handle -> {
        TextRows.mendIndex(handle);
        SessionRows.clear(handle);
        long done = 0;
        for (Iterator<SessionRecord> each = sessions.iterator(); each.hasNext(); ) {
          SessionRows.put(handle, each.next());
          progress.accept(++done);
        }
        ExchangeRows.deleteStrays(handle);
        TextRows.deleteStrays(handle);
        return done;
      });
    }
  }

  /**
   * Makes the index of what one session holds anew, in one transaction.
   *
   * @return one sentence for each file that could not be read to its end
   */
  public List<String> rebuildContents(SessionRecord session, Path folder) throws CatalogException {
    return write(handle -> SessionIndexer.put(handle, session, folder, outputLimit));
  }

  /**
   * Waits until everything that was put before is written.
   *
   * @return false if that took longer than 30 s
   */
  public boolean flush() {
    return queue.flush(FLUSH_LIMIT);
  }

  /** How many changes found the queue full, since the start. */
  public long dropped() {
    return queue.dropped();
  }

  /** How many changes could not be written, since the start. */
  public long failed() {
    return queue.failed();
  }

  /** How many changes wait to be written. */
  public int waiting() {
    return queue.waiting();
  }

  /** How many rows a table of this room has. For tests. */
  long count(String table) throws CatalogException {
    return read(handle ->
        handle
            .createQuery("SELECT COUNT(*) FROM <table>")
            .define("table", table)
            .mapTo(Long.class)
            .one());
  }

  /** How SQLite goes about a statement. For tests. */
  List<String> explain(String sql) throws CatalogException {
    return read(handle ->
        handle
            .createQuery("EXPLAIN QUERY PLAN " + sql)
            .bindMap(Map.of("limit", 50, "user", "alice", "status", "gap", "since", 0L))
            .map((row, _) -> row.getString("detail"))
            .list());
  }

  /** What SQLite finds wrong with the file; {@code ok} if nothing. For tests. */
  String integrity() throws CatalogException {
    return read(handle -> handle.createQuery("PRAGMA integrity_check").mapTo(String.class).first());
  }

  /** Whether the index is of the texts that are there. For tests. */
  boolean indexIntegrity() throws CatalogException {
    return write(handle -> {
      // SQLite's FTS5 documentation, section 6.4: it fails if not so.
      handle.execute("INSERT INTO texts_index (texts_index) VALUES ('integrity-check')");
      return handle
          .createQuery(
              """
              SELECT NOT EXISTS (SELECT id FROM texts EXCEPT SELECT id FROM texts_index_docsize)
                AND NOT EXISTS (SELECT id FROM texts_index_docsize EXCEPT SELECT id FROM texts)\
              """)
          .mapTo(Boolean.class)
          .one();
    });
  }

  /**
   * Whether an older version made the index of words: then much is found only after {@code
   * reindex}.
   */
  public boolean isReindexDue() throws CatalogException {
    return read(
        handle -> handle.createQuery("SELECT COUNT(*) FROM due").mapTo(Long.class).one() > 0);
  }

  /** All was indexed anew: nothing is due, and the file gives back what it does not need. */
  public void reindexed() throws CatalogException {
    write(handle -> handle.execute("DELETE FROM due"));
    try (Handle handle = writers.open()) {
      handle.execute("VACUUM");
      handle.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (RuntimeException e) {
      // Somebody else has it open. It is as good as before, but larger.
      LOG.info("The catalog {} was not compacted: {}", file, e.getMessage());
    }
  }

  public Path file() {
    return file;
  }

  /** Writes what is queued, waiting at most some 20 s, and closes the file. */
  @Override
  public void close() {
    queue.close();
  }

  @FunctionalInterface
  private interface Work<T> {
    T on(Handle handle);
  }

  /** In a transaction, so that a session and its tracks are of one moment. */
  private <T> T read(Work<T> work) throws CatalogException {
    return in(readers, work);
  }

  private <T> T write(Work<T> work) throws CatalogException {
    return in(writers, work);
  }

  private <T> T in(Jdbi jdbi, Work<T> work) throws CatalogException {
    try {
      return jdbi.<T, RuntimeException>inTransaction(work::on);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      throw CatalogException.of(file, e);
    }
  }
}
