package dev.tapedeck.session;

import dev.tapedeck.event.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a session afterwards, or so far: what {@code session.json} holds, the catalog
 * indexes and the commands show.
 *
 * @param ended null while it lives, and after a crash until the next start
 * @param reason why it ended, in a few words; null while it lives
 * @param attributes as {@link SessionInfo#attributes}
 */
public record SessionRecord(
    SessionId id,
    String kind,
    String user,
    String source,
    Instant started,
    @Nullable Instant ended,
    Status status,
    @Nullable String reason,
    Map<String, String> attributes,
    List<TrackRecord> tracks,
    List<Gap> gaps) {

  public SessionRecord {
    attributes = Map.copyOf(attributes);
    tracks = List.copyOf(tracks);
    gaps = List.copyOf(gaps);
  }

  /** How much was carried, both ways, on all tracks. */
  public long bytes() {
    return tracks.stream().mapToLong(TrackRecord::bytes).sum();
  }

  /** Null while the session lives. */
  public @Nullable Duration duration() {
    return ended == null ? null : Duration.between(started, ended);
  }

  /** How whole a recording is. The lower-case names are what scripts see. */
  public enum Status {
    /** The session goes on. */
    LIVE,
    /** Everything is there. */
    COMPLETE,
    /** Something is missing, and {@link Gap}s say what. */
    GAP,
    /** The gateway was ended by force; what it had recorded is there. */
    TRUNCATED,
    /** The session never got as far as a recording, or none could be written. */
    FAILED
  }

  /**
   * One track.
   *
   * @param type as {@link dev.tapedeck.event.TrackType#label}
   * @param file its file in the session's folder
   * @param startedMillis after the session's start
   * @param command an exec's command line, else null
   * @param events how many events the file holds
   * @param bytes how many bytes the track carried, both ways
   * @param exitStatus as {@link dev.tapedeck.event.ExitStatus#number}; null while it runs or where
   *     nobody knows
   * @param sha256 of the sealed file, in hex; null until it is sealed
   * @param payloads one for each direction that carried something that is not text
   */
  public record TrackRecord(
      String name,
      String type,
      String file,
      long startedMillis,
      @Nullable String command,
      long events,
      long bytes,
      @Nullable Integer exitStatus,
      @Nullable String sha256,
      List<Payload> payloads) {

    public TrackRecord {
      payloads = List.copyOf(payloads);
    }
  }

  /**
   * What is not text in one direction of a track.
   *
   * @param direction {@code input}, {@code output} or {@code error}
   * @param offset how many bytes of that direction came before the first of them
   * @param bytes how many they are
   * @param kept how many of them are in the recording, the first ones
   * @param sha256 in hex, of all of them one after the other; null if a gap took some
   */
  public record Payload(
      String direction, long offset, long bytes, long kept, @Nullable String sha256) {}

  /**
   * What a recording lacks.
   *
   * @param track the track's name
   * @param fromMillis after the session's start
   * @param toMillis after the session's start; null if recording never came back
   */
  public record Gap(
      String track,
      long fromMillis,
      @Nullable Long toMillis,
      long events,
      long bytes,
      String reason) {}
}
