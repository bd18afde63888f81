package dev.tapedeck.storage;

import dev.tapedeck.event.SessionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The folder of all recordings: {@code ROOT/<yyyy-mm-dd>/<session-id>/}, by the day in UTC.
 *
 * <p>Several gateways may share one. Whatever else lies in it is left alone. Safe for use by many
 * threads.
 */
public final class RecordingStore {

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path root;
  private final AppendFiles tapes;

  /** Recordings on the disk. Nothing is made before the first session is. */
  public RecordingStore(Path root) {
    this(root, AppendFiles.DISK);
  }

  /** Recordings whose tapes come from elsewhere. */
  public RecordingStore(Path root, AppendFiles tapes) {
    this.root = root.toAbsolutePath().normalize();
    this.tapes = tapes;
  }

  public Path root() {
    return root;
  }

  /**
   * Makes a session's folder, 0700, and every missing folder above it, and marks it as live.
   *
   * @throws IOException with path and reason; also if the session has one already
   */
  public SessionFolder create(SessionId id, Instant started) throws IOException {
    Path folder = day(LocalDate.ofInstant(started, ZoneOffset.UTC)).resolve(id.toString());
    try {
      makeFolder(folder);
    } catch (NoSuchFileException e) {
      // The day's folder was empty, and somebody who pruned removed it under our feet.
      makeFolder(folder);
    } catch (IOException e) {
      throw StorageException.of("create", folder, e);
    }
    try {
      return new SessionFolder(id, folder, tapes, LiveMark.create(folder));
    } catch (IOException e) {
      try {
        Files.deleteIfExists(folder);
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  private static void makeFolder(Path folder) throws IOException {
    Path day = folder.resolveSibling("");
    if (!Files.isDirectory(day)) {
      Files.createDirectories(day, OWNER_ONLY);
    }
    Files.createDirectory(folder, OWNER_ONLY);
  }

  /** A session's folder, live or not; empty if there is none. */
  public Optional<SessionFolder> find(SessionId id) throws IOException {
    // A UUIDv7 begins with its milliseconds since 1970 (RFC 9562, section 5.7). Session and id are
    // made one after the other, so around midnight the day may be the next one.
    LocalDate made =
        LocalDate.ofInstant(
            Instant.ofEpochMilli(id.value().getMostSignificantBits() >>> 16), ZoneOffset.UTC);
    for (LocalDate day : List.of(made, made.plusDays(1), made.minusDays(1))) {
      Optional<SessionFolder> found = in(day(day), id);
      if (found.isPresent()) {
        return found;
      }
    }
    for (Path day : newestFirst(root, RecordingStore::isDay)) {
      Optional<SessionFolder> found = in(day, id);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<SessionFolder> in(Path day, SessionId id) {
    Path folder = day.resolve(id.toString());
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(new SessionFolder(id, folder, tapes, null))
        : Optional.empty();
  }

  /**
   * All sessions, newest first. Days are read when the stream comes to them.
   *
   * @throws IOException with path and reason, if the root cannot be read; a day that cannot be read
   *     throws {@link UncheckedIOException} out of the stream
   */
  public Stream<SessionFolder> list() throws IOException {
    return newestFirst(root, RecordingStore::isDay).stream().flatMap(this::sessionsOf);
  }

  private Stream<SessionFolder> sessionsOf(Path day) {
    try {
      return newestFirst(day, RecordingStore::isSession).stream()
          .map(folder -> new SessionFolder(SessionId.parse(name(folder)), folder, tapes, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /**
   * Removes a session's folder with everything in it. The files go first and {@code session.json}
   * last of them, so that what is left of an interrupted removal can still be listed and removed.
   *
   * @return false if there was none
   * @throws IOException with path and reason; also if the session is live
   */
  public boolean delete(SessionId id) throws IOException {
    Optional<SessionFolder> found = find(id);
    if (found.isEmpty()) {
      return false;
    }
    SessionFolder folder = found.get();
    if (folder.isLive()) {
      throw new IOException("cannot remove " + folder.path() + ": the session is live");
    }
    try {
      List<String> names = new ArrayList<>(folder.all());
      names.sort(Comparator.comparing(SessionFolder.SUMMARY::equals));
      for (String name : names) {
        Files.deleteIfExists(folder.path().resolve(name));
      }
      Files.deleteIfExists(folder.path());
    } catch (IOException e) {
      throw StorageException.of("remove", folder.path(), e);
    }
    removeIfEmpty(folder.path().resolveSibling(""));
    return true;
  }

  private static void removeIfEmpty(Path day) throws IOException {
    try {
      Files.deleteIfExists(day);
    } catch (DirectoryNotEmptyException stillUsed) {
      // Mostly so: the day has other sessions.
      return;
    } catch (IOException e) {
      throw StorageException.of("remove", day, e);
    }
  }

  private Path day(LocalDate date) {
    return root.resolve(date.toString());
  }

  private static List<Path> newestFirst(Path folder, Predicate<String> kind) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String name : Directory.in(folder).reversed()) {
      Path entry = folder.resolve(name);
      if (kind.test(name) && Files.isDirectory(entry)) {
        found.add(entry);
      }
    }
    return found;
  }

  private static boolean isDay(String name) {
    try {
      return LocalDate.parse(name).toString().equals(name);
    } catch (DateTimeException notOurs) {
      return false;
    }
  }

  private static boolean isSession(String name) {
    try {
      // The parser is lenient, the names that we make are not.
      return SessionId.parse(name).toString().equals(name);
    } catch (IllegalArgumentException notOurs) {
      return false;
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
