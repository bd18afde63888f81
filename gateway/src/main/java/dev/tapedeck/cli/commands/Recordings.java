package dev.tapedeck.cli.commands;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.recording.SessionJson;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds sessions in the folder of recordings by what a person types. */
final class Recordings {

  /** So many candidates are named where a prefix is not unique. */
  private static final int MAX_CANDIDATES = 10;

  /** So much of an id is shown at least. */
  private static final int SHORT_ID = 8;

  /** So many days' folders are looked through for sessions that the catalog lacks. */
  private static final int NEWEST_DAYS = 2;

  private final RecordingStore store;
  private final Console console;

  Recordings(RecordingStore store, Console console) {
    this.store = store;
    this.console = console;
  }

  /** A session with its folder; {@code track} is the one that was named, if one was. */
  record Found(SessionFolder folder, SessionRecord session, @Nullable TrackRecord track) {

    /** How errors call it. */
    String name() {
      return track == null ? session.id().toString() : session.id() + "/" + track.name();
    }
  }

  /**
   * Sessions, newest first. One that cannot be read is passed over, with a line on standard error.
   *
   * @param limit how many at most; 0 for all
   */
  List<SessionRecord> list(Predicate<SessionRecord> wanted, int limit) throws IOException {
    try (Stream<SessionRecord> all = stream()) {
      Stream<SessionRecord> sessions = all.filter(wanted);
      return (limit > 0 ? sessions.limit(limit) : sessions).toList();
    } catch (UncheckedIOException e) {
      throw new IOException(Sentence.of(e), e);
    }
  }

  /** All sessions as they are read, one after the other; to be closed. */
  Stream<SessionRecord> stream() throws IOException {
    return store.list().map(this::readOrSkip).flatMap(Optional::stream);
  }

  /** As {@link #list}, with their folders. */
  List<Found> all() throws IOException {
    try (Stream<SessionFolder> folders = store.list()) {
      List<Found> found = new ArrayList<>();
      for (SessionFolder folder : (Iterable<SessionFolder>) folders::iterator) {
        readOrSkip(folder).ifPresent(session -> found.add(new Found(folder, session, null)));
      }
      return found;
    }
  }

  /**
   * Sessions of the newest days that an index lacks: looking for them costs two listings.
   *
   * @param known the ids that it has
   * @param oldest those before it are not looked for; null for all
   */
  List<SessionRecord> lacking(Set<SessionId> known, @Nullable SessionId oldest) throws IOException {
    List<SessionRecord> lacking = new ArrayList<>();
    Set<Path> days = new HashSet<>();
    try (Stream<SessionFolder> folders = store.list()) {
      for (SessionFolder folder : (Iterable<SessionFolder>) folders::iterator) {
        days.add(folder.path().resolveSibling(""));
        if (days.size() > NEWEST_DAYS || (oldest != null && folder.id().compareTo(oldest) < 0)) {
          break;
        }
        if (!known.contains(folder.id())) {
          readOrSkip(folder).ifPresent(lacking::add);
        }
      }
    } catch (UncheckedIOException e) {
      throw new IOException(Sentence.of(e), e);
    }
    return lacking;
  }

  private Optional<SessionRecord> readOrSkip(SessionFolder folder) {
    try {
      return Optional.of(read(folder));
    } catch (IOException e) {
      console.error("passed over: " + Sentence.of(e));
      return Optional.empty();
    }
  }

  /**
   * What {@code session.json} says. A session that it calls live and that no gateway holds any more
   * was cut short; the next start writes that down, and until then it is said here.
   */
  static SessionRecord read(SessionFolder folder) throws IOException {
    SessionRecord session = SessionJson.read(folder);
    if (session.status() != Status.LIVE) {
      return session;
    }
    if (folder.isLive()) {
      return withSizes(session, folder);
    }
    // It may have ended between the two looks.
    SessionRecord again = SessionJson.read(folder);
    return again.status() == Status.LIVE ? withStatus(again, Status.TRUNCATED) : again;
  }

  /** What the catalog knows of a session; of one that it calls live, what its folder says now. */
  SessionRecord now(SessionRecord indexed) {
    if (indexed.status() != Status.LIVE) {
      return indexed;
    }
    try {
      Optional<SessionFolder> folder = store.find(indexed.id());
      return folder.isPresent() ? read(folder.get()) : indexed;
    } catch (IOException e) {
      console.error("only the catalog knows it: " + Sentence.of(e));
      return indexed;
    }
  }

  /** What a track carries is written down at its end; until then its files say how much it is. */
  private static SessionRecord withSizes(SessionRecord session, SessionFolder folder) {
    List<TrackRecord> tracks = new ArrayList<>();
    for (TrackRecord track : session.tracks()) {
      boolean open = track.sha256() == null && track.bytes() == 0;
      tracks.add(open ? withBytes(track, onDisk(folder, track)) : track);
    }
    return with(session, session.status(), tracks);
  }

  private static long onDisk(SessionFolder folder, TrackRecord track) {
    long bytes = 0;
    for (String name : List.of(track.file(), track.file() + ".journal")) {
      // Zero also for one that went away between two looks.
      bytes += folder.path().resolve(name).toFile().length();
    }
    return bytes;
  }

  private static TrackRecord withBytes(TrackRecord track, long bytes) {
    return new TrackRecord(
        track.name(),
        track.type(),
        track.file(),
        track.startedMillis(),
        track.command(),
        track.events(),
        bytes,
        track.exitStatus(),
        track.sha256(),
        track.payloads());
  }

  private static SessionRecord withStatus(SessionRecord session, Status status) {
    return with(session, status, session.tracks());
  }

  private static SessionRecord with(
      SessionRecord session, Status status, List<TrackRecord> tracks) {
    return new SessionRecord(
        session.id(),
        session.kind(),
        session.user(),
        session.source(),
        session.started(),
        session.ended(),
        status,
        session.reason(),
        session.attributes(),
        tracks,
        session.gaps());
  }

  /**
   * The session, and the track if one is named.
   *
   * @param text an id, a unique beginning of one, or {@code latest}; then perhaps a slash and a
   *     track's name
   */
  Found find(String text) throws CommandFailed, IOException {
    int slash = text.indexOf('/');
    SessionFolder folder = folder(slash < 0 ? text : text.substring(0, slash));
    SessionRecord session = read(folder);
    return new Found(folder, session, slash < 0 ? null : track(session, text.substring(slash + 1)));
  }

  /** As {@link #find}, for what needs only the folder. */
  SessionFolder folder(String text) throws CommandFailed, IOException {
    if (!text.equals("latest") && !text.matches("[0-9a-fA-F-]+")) {
      throw new CommandFailed(
          "\"" + text + "\" is not a session; give an ID, a unique prefix of one, or latest");
    }
    String prefix = text.toLowerCase(java.util.Locale.ROOT);
    try (Stream<SessionFolder> folders = store.list()) {
      List<SessionFolder> matching =
          text.equals("latest")
              ? folders.limit(1).toList()
              : folders
                  .filter(folder -> folder.id().toString().startsWith(prefix))
                  .limit(MAX_CANDIDATES + 1L)
                  .toList();
      if (matching.isEmpty()) {
        throw new CommandFailed(
            text.equals("latest")
                ? "there are no sessions yet in " + store.root()
                : "no session begins with " + text + " in " + store.root());
      }
      if (matching.size() > 1) {
        throw new CommandFailed(ambiguous(text, matching));
      }
      return matching.getFirst();
    } catch (UncheckedIOException e) {
      throw new IOException(Sentence.of(e), e);
    }
  }

  private static String ambiguous(String prefix, List<SessionFolder> matching) {
    String names =
        matching.stream()
            .limit(MAX_CANDIDATES)
            .map(folder -> folder.id().toString())
            .collect(Collectors.joining(", "));
    return "several sessions begin with "
        + prefix
        + ": "
        + names
        + (matching.size() > MAX_CANDIDATES ? ", ..." : "");
  }

  private static TrackRecord track(SessionRecord session, String name) throws CommandFailed {
    Optional<TrackRecord> found =
        session.tracks().stream().filter(track -> track.name().equals(name)).findFirst();
    return found.orElseThrow(() ->
        new CommandFailed(
            "session " + session.id() + " has no track " + name + "; " + tracks(session.tracks())));
  }

  /**
   * The track to play or export: the one that was named, or the only one with a terminal recording,
   * or the only shell.
   */
  static TrackRecord terminalTrack(Found found) throws CommandFailed {
    TrackRecord named = found.track();
    if (named != null) {
      if (!isCast(named)) {
        throw new CommandFailed(
            found.name()
                + (isHar(named)
                    ? " is API traffic and no terminal: see it with show or cat, copy it with"
                        + " export --format har"
                    : " is not a terminal recording but "
                        + named.file()
                        + "; see it with "
                        + (isFiles(named) ? "files or path" : "show or path")));
      }
      return named;
    }
    List<TrackRecord> casts = found.session().tracks().stream().filter(Recordings::isCast).toList();
    List<TrackRecord> shells =
        casts.stream().filter(track -> track.type().equals("shell")).toList();
    if (casts.size() == 1) {
      return casts.getFirst();
    }
    if (shells.size() == 1) {
      return shells.getFirst();
    }
    if (casts.isEmpty()) {
      throw new CommandFailed(
          "session "
              + found.session().id()
              + " has no terminal recording; "
              + tracks(found.session().tracks())
              + (found.session().tracks().stream().anyMatch(Recordings::isHar)
                  ? ": see API traffic with show or cat, copy it with export --format har"
                  : "")
              + (found.session().tracks().stream().anyMatch(Recordings::isFiles)
                  ? "; see file transfers with files or show"
                  : ""));
    }
    throw new CommandFailed(
        "session "
            + found.session().id()
            + " has several recordings, name one as SESSION/TRACK; "
            + tracks(casts));
  }

  /** The API traffic: the track that was named, or the session's only such one. */
  static TrackRecord harTrack(Found found) throws CommandFailed {
    TrackRecord named = found.track();
    if (named != null) {
      if (!isHar(named)) {
        throw new CommandFailed(found.name() + " is not API traffic but " + named.file());
      }
      return named;
    }
    List<TrackRecord> hars = found.session().tracks().stream().filter(Recordings::isHar).toList();
    if (hars.size() != 1) {
      throw new CommandFailed(
          "session "
              + found.session().id()
              + (hars.isEmpty() ? " has no API traffic; " : " has several recordings of that; ")
              + tracks(found.session().tracks()));
    }
    return hars.getFirst();
  }

  /** Whether a HAR is all that there is to show of it. */
  static boolean isApiOnly(Found found) {
    TrackRecord named = found.track();
    if (named != null) {
      return isHar(named);
    }
    List<TrackRecord> tracks = found.session().tracks();
    return tracks.stream().noneMatch(Recordings::isCast)
        && tracks.stream().anyMatch(Recordings::isHar);
  }

  static boolean isHar(TrackRecord track) {
    return track.file().endsWith(".har");
  }

  static boolean isFiles(TrackRecord track) {
    return track.file().endsWith(".jsonl");
  }

  static boolean isCast(TrackRecord track) {
    return track.file().endsWith(".cast");
  }

  private static String tracks(List<TrackRecord> tracks) {
    return tracks.isEmpty()
        ? "it has no tracks"
        : "there is " + tracks.stream().map(TrackRecord::name).collect(Collectors.joining(", "));
  }

  /**
   * The shortest beginnings of these ids that name them among all sessions, of one length. Ids
   * begin with the time, so those of one minute begin alike.
   */
  int shortLength(List<SessionId> shown) throws IOException {
    int length = SHORT_ID;
    try (Stream<SessionFolder> folders = store.list()) {
      List<String> all = folders.map(folder -> folder.id().toString()).sorted().toList();
      for (SessionId id : shown) {
        int at = java.util.Collections.binarySearch(all, id.toString());
        if (at < 0) {
          continue;
        }
        if (at > 0) {
          length = Math.max(length, common(id.toString(), all.get(at - 1)) + 1);
        }
        if (at + 1 < all.size()) {
          length = Math.max(length, common(id.toString(), all.get(at + 1)) + 1);
        }
      }
    }
    return length;
  }

  private static int common(String a, String b) {
    int i = 0;
    while (i < a.length() && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    return i;
  }
}
