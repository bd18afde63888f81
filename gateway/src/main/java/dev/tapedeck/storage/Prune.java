package dev.tapedeck.storage;

import dev.tapedeck.event.SessionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes old sessions, oldest first, never live ones. */
public final class Prune {

  private static final Logger log = LoggerFactory.getLogger(Prune.class);

  private final RecordingStore store;

  public Prune(RecordingStore store) {
    this.store = store;
  }

  /**
   * What may stay.
   *
   * @param olderThan sessions to whose files nothing was written for longer than this go; null: age
   *     does not matter. The last write counts and not the start, so that a session that ran for
   *     long is kept for as long as any other after its end.
   * @param maxBytes the oldest go until what stays, live sessions included, has at most so many
   *     bytes; null: size does not matter
   */
  public record Limits(@Nullable Duration olderThan, @Nullable Long maxBytes) {

    public Limits {
      if (olderThan != null && olderThan.isNegative()) {
        throw new IllegalArgumentException("an age is not negative: " + olderThan);
      }
      if (maxBytes != null && maxBytes < 0) {
        throw new IllegalArgumentException("a size is not negative: " + maxBytes);
      }
    }
  }

  /** A session that went, or with a dry run would have gone. */
  public record Removed(SessionId id, Path path, long bytes, Instant lastWritten) {}

  /**
   * What was done.
   *
   * @param removed oldest first
   * @param keptBytes the size of what stays
   * @param failures one sentence for each session that should have gone and could not, or that
   *     could not be looked at
   */
  public record Outcome(List<Removed> removed, long keptBytes, List<String> failures) {

    public Outcome {
      removed = List.copyOf(removed);
      failures = List.copyOf(failures);
    }
  }

  private record Candidate(SessionFolder folder, long bytes, Instant lastWritten) {}

  /**
   * Removes what the limits do not let stay.
   *
   * @param dry only says what would go
   * @throws IOException with path and reason, if the recordings cannot be listed
   */
  public Outcome run(Limits limits, Instant now, boolean dry) throws IOException {
    List<String> failures = new ArrayList<>();
    List<Candidate> all = oldestFirst(failures);
    long kept = all.stream().mapToLong(Candidate::bytes).sum();
    List<Removed> removed = new ArrayList<>();
    for (Candidate candidate : all) {
      try {
        if (goes(candidate, limits, now, kept)
            && !candidate.folder.isLive()
            && (dry || store.delete(candidate.folder.id()))) {
          kept -= candidate.bytes;
          removed.add(
              new Removed(
                  candidate.folder.id(),
                  candidate.folder.path(),
                  candidate.bytes,
                  candidate.lastWritten));
        }
      } catch (IOException e) {
        note(e, failures);
      }
    }
    return new Outcome(removed, kept, failures);
  }

  private static boolean goes(Candidate candidate, Limits limits, Instant now, long kept) {
    Duration age = Duration.between(candidate.lastWritten, now);
    return (limits.olderThan != null && age.compareTo(limits.olderThan) > 0)
        || (limits.maxBytes != null && kept > limits.maxBytes);
  }

  private List<Candidate> oldestFirst(List<String> failures) throws IOException {
    List<Candidate> all = new ArrayList<>();
    try (Stream<SessionFolder> folders = store.list()) {
      for (SessionFolder folder : (Iterable<SessionFolder>) folders::iterator) {
        try {
          all.add(new Candidate(folder, folder.size(), folder.lastWritten()));
        } catch (IOException e) {
          note(e, failures);
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return all.reversed();
  }

  private static void note(IOException e, List<String> failures) {
    log.warn("Not deleted: {}", e.getMessage());
    failures.add(String.valueOf(e.getMessage()));
  }
}
