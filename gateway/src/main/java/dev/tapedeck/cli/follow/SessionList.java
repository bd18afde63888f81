package dev.tapedeck.cli.follow;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.live.SessionRow;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The newest sessions of a folder of recordings. For one thread at a time. */
final class SessionList {

  private static final Logger LOG = LoggerFactory.getLogger(SessionList.class);

  /** Older sessions are not listed. */
  static final int MAX_SESSIONS = 500;

  /** What is known of a listed session. */
  private static final class Known {
    final SessionFolder folder;
    final Map<String, TokenCounter> tallies = new HashMap<>();
    @Nullable SessionRecord record;
    @Nullable Instant tried;

    Known(SessionFolder folder) {
      this.folder = folder;
    }
  }

  private final RecordingStore store;
  private final Follower.Reader reader;
  private Map<SessionId, Known> known = new HashMap<>();
  private List<SessionRow> rows = List.of();

  SessionList(RecordingStore store, Follower.Reader reader) {
    this.store = store;
    this.reader = reader;
  }

  /** Newest first. */
  List<SessionRow> rows() {
    return rows;
  }

  @Nullable SessionFolder folder(SessionId id) {
    Known session = known.get(id);
    return session == null ? null : session.folder;
  }

  /**
   * Looks for new sessions, and at those that live.
   *
   * @param budget about how many bytes to read of HARs at most
   * @return whether there is more to read at once
   */
  boolean look(long budget) throws IOException {
    Map<SessionId, Known> now = new HashMap<>();
    List<SessionRow> listed = new ArrayList<>();
    long left = budget;
    boolean more = false;
    try (Stream<SessionFolder> folders = store.list()) {
      for (SessionFolder folder : (Iterable<SessionFolder>) folders.limit(MAX_SESSIONS)::iterator) {
        Known session = known.getOrDefault(folder.id(), new Known(folder));
        now.put(folder.id(), session);
        refresh(session);
        if (session.record == null) {
          continue;
        }
        long before = size(session);
        if (left > 0) {
          more |= count(session, left);
        } else {
          more = true;
        }
        left -= size(session) - before;
        listed.add(row(session.record, session.tallies.values()));
      }
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
    known = now;
    if (!listed.equals(rows)) {
      rows = List.copyOf(listed);
    }
    return more;
  }

  /** One that has ended changes no more, and one that cannot be read is not tried all the time. */
  private void refresh(Known session) throws IOException {
    SessionRecord record = session.record;
    if (record != null && record.status() != Status.LIVE) {
      return;
    }
    try {
      session.record = reader.read(session.folder);
      session.tried = null;
      tallies(session);
    } catch (IOException e) {
      if (session.tried == null) {
        LOG.debug("{} is not listed: {}", session.folder.path(), e.getMessage());
        session.tried = Instant.now();
      }
    }
  }

  private static void tallies(Known session) throws IOException {
    for (String name : session.folder.names()) {
      if (name.endsWith(SessionFiles.HAR)) {
        Path har = session.folder.path().resolve(name);
        session.tallies.computeIfAbsent(name, _ -> new TokenCounter(har));
      }
    }
  }

  private static boolean count(Known session, long budget) throws IOException {
    boolean more = false;
    for (TokenCounter tally : session.tallies.values()) {
      more |= tally.look(budget);
    }
    return more;
  }

  private static long size(Known session) {
    return session.tallies.values().stream().mapToLong(TokenCounter::bytes).sum();
  }

  private static SessionRow row(SessionRecord record, Iterable<TokenCounter> tallies) {
    long exchanges = 0;
    long input = 0;
    long output = 0;
    for (TokenCounter tally : tallies) {
      exchanges += tally.exchanges();
      input += tally.inputTokens();
      output += tally.outputTokens();
    }
    return new SessionRow(
        record.id(),
        record.kind(),
        record.user(),
        record.source(),
        record.started(),
        record.ended(),
        record.status().name().toLowerCase(Locale.ROOT),
        exchanges,
        input,
        output);
  }
}
