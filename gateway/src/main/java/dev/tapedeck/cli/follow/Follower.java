package dev.tapedeck.cli.follow;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.live.Scene;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the files of recordings again and again, on a thread of its own, and keeps a scene of
 * what is there.
 */
public final class Follower implements Scene.Source, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  /** How long it rests between two looks at the chosen session. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(120);

  /** How long it rests between two looks at the list of sessions. */
  private static final long LIST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** About so much is read in one look, so that there is something to see between two. */
  private static final long LOOK_BYTES = 16L << 20;

  /** How a session's state is found out. */
  public interface Reader {
    SessionRecord read(SessionFolder folder) throws IOException;
  }

  private record Wanted(@Nullable SessionId session, @Nullable String terminal) {}

  private final SessionList sessions;
  private final Thread thread = Thread.ofPlatform().daemon().name("follower").unstarted(this::run);
  private volatile Wanted wanted = new Wanted(null, null);
  private volatile Scene scene = Scene.EMPTY;
  private volatile boolean closed;
  private @Nullable SessionFiles files;
  private long listAt = System.nanoTime();

  public Follower(RecordingStore store, Reader reader) {
    sessions = new SessionList(store, reader);
  }

  /** Begins to look; a caller that wants only one scene calls {@link #settle} instead. */
  public void start() {
    thread.start();
  }

  @Override
  public Scene scene() {
    return scene;
  }

  @Override
  public void choose(@Nullable SessionId session, @Nullable String terminal) {
    Wanted now = new Wanted(session, terminal);
    if (!now.equals(wanted)) {
      wanted = now;
      LockSupport.unpark(thread);
    }
  }

  /** Looks on the caller's thread until there is nothing more to read for the moment. */
  public Scene settle() {
    boolean more = true;
    while (more) {
      listAt = System.nanoTime();
      more = look();
    }
    return scene;
  }

  private void run() {
    while (!closed) {
      if (!look()) {
        LockSupport.parkNanos(this, REST_NANOS);
      }
    }
  }

  private boolean look() {
    boolean more = false;
    String note = null;
    try {
      if (System.nanoTime() - listAt >= 0) {
        more = sessions.look(LOOK_BYTES);
        listAt = System.nanoTime() + LIST_NANOS;
        if (files != null) {
          files.list();
        }
      }
      choose();
      if (files != null) {
        more |= files.look(LOOK_BYTES);
      }
    } catch (IOException e) {
      note = Objects.requireNonNullElse(e.getMessage(), e.toString());
    } catch (RuntimeException e) {
      LOG.error("cannot follow", e);
      note = "lost track of the recording: " + e;
    }
    publish(note);
    return more;
  }

  private void choose() throws IOException {
    Wanted now = wanted;
    SessionFiles open = files;
    if (open != null && !open.id().equals(now.session())) {
      open.close();
      open = null;
    }
    if (open == null && now.session() != null) {
      SessionFolder folder = sessions.folder(now.session());
      if (folder != null) {
        open = new SessionFiles(folder);
        open.list();
      }
    }
    if (open != null) {
      open.terminal(now.terminal());
    }
    files = open;
  }

  /** What has not changed is the same object: to compare a long conversation would cost more. */
  @SuppressWarnings("ReferenceEquality")
  private void publish(@Nullable String note) {
    Scene.Chosen chosen = files == null ? null : files.shown();
    Scene before = scene;
    if (before.sessions() != sessions.rows()
        || before.chosen() != chosen
        || !Objects.equals(before.note(), note)) {
      scene = new Scene(sessions.rows(), chosen, note);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
