package dev.tapedeck.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts in order what a gateway that died left behind: cuts each file back to its last whole record
 * and removes the mark, the reserve and half-written files.
 *
 * <p>A folder is taken for a dead gateway's if it has the mark of a live session and nobody holds
 * its lock; while it is repaired this process holds it, so that gateways that start at once do not
 * repair the same. The mark goes last: whatever interrupts a repair, the next one does it again,
 * and finds the files that are whole already whole. Sealed folders cost one look for the mark.
 */
public final class Repair {

  private static final Logger log = LoggerFactory.getLogger(Repair.class);

  private final CutPoint cutPoint;
  private final Mark mark;

  public Repair(CutPoint cutPoint, Mark mark) {
    this.cutPoint = cutPoint;
    this.mark = mark;
  }

  /** Knows the formats: up to where a file is whole. */
  @FunctionalInterface
  public interface CutPoint {

    /**
     * How many bytes of a session's file to keep: its size where it is whole. Asked for every file
     * that was written by appending, not for {@code session.json}.
     */
    long keepBytes(Path file) throws IOException;
  }

  /** Writes down that a session was cut short. */
  @FunctionalInterface
  public interface Mark {

    /** Its files are whole now, and it is still locked. May come twice for one session. */
    void repaired(SessionFolder folder, List<Cut> cuts) throws IOException;
  }

  /** A file that was cut, from one size in bytes to another. */
  public record Cut(String file, long from, long to) {}

  /** A session that a dead gateway left behind; no cuts if every file was whole. */
  public record Repaired(SessionFolder folder, List<Cut> cuts) {

    public Repaired {
      cuts = List.copyOf(cuts);
    }
  }

  /**
   * What was done.
   *
   * @param failures one sentence for each folder that could not be repaired; the next start tries
   *     again
   */
  public record Outcome(List<Repaired> repaired, List<String> failures) {

    public Outcome {
      repaired = List.copyOf(repaired);
      failures = List.copyOf(failures);
    }
  }

  /**
   * Repairs every session of a dead gateway. One that cannot be repaired does not keep the others
   * from it.
   *
   * @throws IOException with path and reason, if the recordings cannot be listed
   */
  public Outcome run(RecordingStore store) throws IOException {
    List<Repaired> repaired = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    try (Stream<SessionFolder> folders = store.list()) {
      for (SessionFolder folder : (Iterable<SessionFolder>) folders::iterator) {
        try {
          repair(folder, repaired);
        } catch (IOException e) {
          log.warn("Could not repair {}: {}", folder, e.getMessage());
          failures.add(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
          // Also where memory was short: it stays as it is, and may be tried again with more.
          log.error("{} is not repaired", folder, e);
          failures.add("cannot repair " + folder + ": " + e);
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return new Outcome(repaired, failures);
  }

  private void repair(SessionFolder folder, List<Repaired> repaired) throws IOException {
    LiveMark dead = LiveMark.seize(folder.path());
    if (dead == null) {
      return;
    }
    // Closed but not removed where something fails: then it is still there for the next start.
    try (dead) {
      // First, for on a full disk what follows needs the room.
      dead.release();
      List<Cut> cuts = new ArrayList<>();
      for (String name : folder.all()) {
        Path file = folder.path().resolve(name);
        if (name.startsWith(".")) {
          if (!name.equals(LiveMark.NAME)) {
            remove(file);
          }
        } else if (!name.equals(SessionFolder.SUMMARY)
            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          cut(file, cuts);
        }
      }
      mark.repaired(folder, List.copyOf(cuts));
      dead.remove();
      repaired.add(new Repaired(folder, cuts));
      log.info("Repaired {}, left by a gateway that was killed: {} files cut", folder, cuts.size());
    }
  }

  private void cut(Path file, List<Cut> cuts) throws IOException {
    try {
      long size = Files.size(file);
      long keep = cutPoint.keepBytes(file);
      if (keep < 0) {
        throw new IllegalStateException("a cut point lies in its file, not at " + keep);
      }
      if (keep < size) {
        // The time of the last write tells when the session ended; the cut is no write of its own.
        FileTime written = Files.getLastModifiedTime(file);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
          open.setLength(keep);
        }
        Files.setLastModifiedTime(file, written);
        cuts.add(new Cut(String.valueOf(file.getFileName()), size, keep));
      }
    } catch (IOException e) {
      throw StorageException.of("repair", file, e);
    }
  }

  private static void remove(Path file) throws IOException {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw StorageException.of("remove", file, e);
    }
  }

  /**
   * The cut point of every format of lines: behind the last newline, or 0 if there is none.
   *
   * @throws IOException if the file cannot be read
   */
  public static long lastWholeLine(Path file) throws IOException {
    byte[] block = new byte[64 * 1024];
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      for (long end = open.length(); end > 0; ) {
        long start = Math.max(0, end - block.length);
        int count = (int) (end - start);
        open.seek(start);
        open.readFully(block, 0, count);
        for (int i = count - 1; i >= 0; i--) {
          if (block[i] == '\n') {
            return start + i + 1;
          }
        }
        end = start;
      }
    }
    return 0;
  }
}
