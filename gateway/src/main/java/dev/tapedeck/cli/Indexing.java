package dev.tapedeck.cli;

import dev.tapedeck.catalog.Catalog;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.recording.RecordingListener;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings to the catalog what becomes known of recordings: sessions and exchanges at once, what a
 * terminal showed and what was done to files when the track's file is sealed. Nothing here waits
 * for the catalog.
 */
final class Indexing implements RecordingListener {

  private static final Logger LOG = LoggerFactory.getLogger(Indexing.class);

  private final Catalog catalog;
  private final RecordingStore store;

  /** Of each live session, the terminals and file transfers that are indexed. */
  private final Map<SessionId, Set<String>> indexed = new ConcurrentHashMap<>();

  /** Live sessions of whose exchanges not all that was said is indexed. */
  private final Set<SessionId> behind = ConcurrentHashMap.newKeySet();

  Indexing(Catalog catalog, RecordingStore store) {
    this.catalog = catalog;
    this.store = store;
  }

  @Override
  public void session(SessionRecord session) {
    catalog.put(session);
    try {
      index(session);
    } catch (IOException e) {
      LOG.warn("Session {} is not searchable yet: {}", session.id(), e.getMessage());
    }
  }

  private void index(SessionRecord session) throws IOException {
    boolean over = session.status() != Status.LIVE;
    if (over && behind.remove(session.id())) {
      indexed.remove(session.id());
      whole(session);
      return;
    }
    // One session's records come one after the other.
    Set<String> done = indexed.computeIfAbsent(session.id(), _ -> new HashSet<>());
    for (TrackRecord track : session.tracks()) {
      boolean cast = track.file().endsWith(".cast");
      boolean files = track.file().endsWith(".jsonl");
      if (track.sha256() != null && (cast || files) && done.add(track.name())) {
        Optional<SessionFolder> folder = store.find(session.id());
        if (folder.isPresent()) {
          Path file = folder.get().path().resolve(track.file());
          if (cast) {
            catalog.terminal(session.id(), track, file);
          } else {
            catalog.files(session.id(), track, file);
          }
        }
      }
    }
    if (over) {
      indexed.remove(session.id());
    }
  }

  private void whole(SessionRecord session) throws IOException {
    store.find(session.id()).ifPresent(folder -> catalog.contents(session, folder.path()));
  }

  @Override
  public void exchange(SessionId session, String track, Obj entry) {
    if (!catalog.exchange(session, track, entry)) {
      behind.add(session);
    }
  }

  /** A session was repaired: its files hold more than the catalog has heard of. */
  void repaired(SessionRecord session) {
    catalog.put(session);
    try {
      whole(session);
    } catch (IOException e) {
      LOG.warn("Session {} is not searchable yet: {}", session.id(), e.getMessage());
    }
  }
}
