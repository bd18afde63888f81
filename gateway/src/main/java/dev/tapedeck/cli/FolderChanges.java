package dev.tapedeck.cli;

import dev.tapedeck.event.Event;
import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.sandbox.FolderRules;
import dev.tapedeck.sandbox.Folders;
import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.Snapshot;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.Track;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists in a session's recording what changed in folders of the host while it lasted: in the user's
 * kept home ({@code ~}) and in writable mounts. Where several sessions are at work in one folder at
 * once, each lists all changes of its time.
 */
final class FolderChanges {

  private static final Logger LOG = LoggerFactory.getLogger(FolderChanges.class);

  /** Of more than so many changes the recording says only how many there are. */
  private static final int MAX_CHANGES = 10_000;

  private final FolderRules rules;

  FolderChanges(FolderRules rules) {
    this.rules = rules;
  }

  /** Looks now, and once more when the session ends. */
  void follow(Session session) {
    try {
      List<Folders.Mount> folders = rules.of(session.info().user()).writable("~");
      if (!folders.isEmpty()) {
        Snapshot before = Snapshot.of(folders);
        session.beforeEnd(() -> list(session, folders, before));
      }
    } catch (SandboxException e) {
      LOG.debug("no sandbox, so no changes: {}", e.getMessage());
    } catch (IOException e) {
      LOG.warn("Changes in host folders will not be listed: {}", e.toString());
    }
  }

  private static void list(Session session, List<Folders.Mount> folders, Snapshot before) {
    try {
      Snapshot after = Snapshot.of(folders);
      List<Snapshot.Change> changes = before.until(after);
      boolean whole = before.whole() && after.whole();
      if (changes.isEmpty() && whole) {
        return;
      }
      Track track =
          session.open(
              TrackType.FILES,
              new Event.TrackOpened(
                  Instant.now(), "changes in folders of the host", null, Map.of()));
      for (Snapshot.Change change : changes.subList(0, Math.min(changes.size(), MAX_CHANGES))) {
        track.emit(
            new Event.FileOperation(
                change.kind().name().toLowerCase(Locale.ROOT),
                change.path(),
                null,
                change.bytes(),
                null,
                null));
      }
      if (!whole || changes.size() > MAX_CHANGES) {
        track.emit(
            new Event.Marker(
                "not all is listed: %d changes are known, of which %d are listed; of each folder %d files are looked at"
                    .formatted(
                        changes.size(),
                        Math.min(changes.size(), MAX_CHANGES),
                        Snapshot.MAX_FILES)));
      }
      track.close(new ExitStatus.Code(0));
    } catch (IOException | RuntimeException e) {
      LOG.warn("Changes in host folders are not listed: {}", e.toString());
    }
  }
}
