package dev.tapedeck.recording;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.cast.CastBytes;
import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.formats.cast.CastFormatException;
import dev.tapedeck.formats.cast.CastReader;
import dev.tapedeck.formats.cast.CastRepair;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import dev.tapedeck.storage.Checksums;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.Repair;
import dev.tapedeck.storage.SessionFolder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What recordings need when their gateway died: casts end at their last whole line, HARs behind
 * their last whole entry with what the journal has of others, and {@code session.json} says {@code
 * truncated}, with counts and checksums of what is there.
 *
 * <p>The bytes of a cut track are counted from its cast: input that was hidden, and what was beyond
 * the payload limit, is not in it and not in the sum.
 */
public final class CrashRepair {

  private static final Logger log = LoggerFactory.getLogger(CrashRepair.class);

  private static final String REASON = "the gateway was ended by force";
  private static final String UNKNOWN = "unknown";
  private static final String CAST = ".cast";
  private static final String LINES = ".jsonl";
  private static final String HAR = ".har";

  private CrashRepair() {}

  /**
   * Repairs every session of a dead gateway. Works on files: call from a platform thread.
   *
   * @throws IOException with path and reason, if the recordings cannot be listed
   */
  public static Repair.Outcome run(RecordingStore store) throws IOException {
    return new Repair(CrashRepair::keepBytes, (folder, _) -> mark(folder)).run(store);
  }

  private static long keepBytes(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    if (name.endsWith(CAST)) {
      try (SeekableByteChannel channel = Files.newByteChannel(file)) {
        return CastRepair.wholeLength(channel);
      }
    }
    return name.endsWith(LINES) || name.endsWith(Journal.SUFFIX)
        ? Repair.lastWholeLine(file)
        : Files.size(file);
  }

  private static void mark(SessionFolder folder) throws IOException {
    SessionRecord before = describe(folder);
    if (before.status() != Status.LIVE) {
      // It was sealed, and only the last step failed: its mark stayed.
      return;
    }
    Instant last = folder.lastWritten();
    recoverExchanges(folder);
    SessionRecord after =
        new SessionRecord(
            before.id(),
            before.kind(),
            before.user(),
            before.source(),
            before.started(),
            last.isBefore(before.started()) ? before.started() : last,
            Status.TRUNCATED,
            REASON,
            before.attributes(),
            tracks(folder, before.tracks()),
            before.gaps());
    folder.writeWhole(SessionFolder.SUMMARY, SessionJson.write(after));
  }

  private static void recoverExchanges(SessionFolder folder) throws IOException {
    Set<String> hars = new TreeSet<>();
    for (String name : folder.names()) {
      if (name.endsWith(HAR)) {
        hars.add(name);
      } else if (name.endsWith(HAR + Journal.SUFFIX)) {
        hars.add(name.substring(0, name.length() - Journal.SUFFIX.length()));
      }
    }
    for (String har : hars) {
      HarRecovery.run(folder.path().resolve(har));
    }
  }

  /** What the gateway wrote about the session; where that cannot be read, what the folder tells. */
  private static SessionRecord describe(SessionFolder folder) {
    try {
      return SessionJson.read(folder);
    } catch (IOException e) {
      log.warn("{}: it is written anew, without the user and the source", e.getMessage());
      return new SessionRecord(
          folder.id(),
          UNKNOWN,
          UNKNOWN,
          UNKNOWN,
          made(folder.id()),
          null,
          Status.LIVE,
          null,
          Map.of(),
          List.of(),
          List.of());
    }
  }

  /** An id's time: a UUIDv7 begins with its milliseconds since 1970 (RFC 9562, section 5.7). */
  private static Instant made(SessionId id) {
    return Instant.ofEpochMilli(id.value().getMostSignificantBits() >>> 16);
  }

  private static List<TrackRecord> tracks(SessionFolder folder, List<TrackRecord> known)
      throws IOException {
    List<String> files = folder.names();
    Set<String> seen = new HashSet<>();
    List<TrackRecord> tracks = new ArrayList<>();
    for (TrackRecord track : known) {
      seen.add(track.file());
      tracks.add(files.contains(track.file()) ? counted(folder, track) : track);
    }
    for (String file : files) {
      // A track that was opened so shortly before the end that session.json does not have it yet.
      if (!seen.contains(file)
          && (file.endsWith(CAST) || file.endsWith(LINES) || file.endsWith(HAR))) {
        String name = file.substring(0, file.lastIndexOf('.'));
        String type = name.replaceFirst("-[0-9]+$", "");
        tracks.add(
            counted(
                folder, new TrackRecord(name, type, file, 0, null, 0, 0, null, null, List.of())));
      }
    }
    return tracks;
  }

  private record Count(long events, long bytes) {}

  private static TrackRecord counted(SessionFolder folder, TrackRecord track) throws IOException {
    if (track.sha256() != null) {
      // Sealed while the gateway lived.
      return track;
    }
    Path file = folder.path().resolve(track.file());
    Count count = count(file, track);
    return new TrackRecord(
        track.name(),
        track.type(),
        track.file(),
        track.startedMillis(),
        track.command(),
        count.events,
        Math.max(track.bytes(), count.bytes),
        track.exitStatus(),
        Checksums.sha256(file),
        track.payloads());
  }

  private static Count count(Path file, TrackRecord track) throws IOException {
    if (track.file().endsWith(CAST)) {
      return countCast(file, track);
    }
    Count lines = countLines(file, track);
    // The first line and the last are no entries.
    return track.file().endsWith(HAR)
        ? new Count(Math.max(0, lines.events - 2), lines.bytes)
        : lines;
  }

  private static Count countCast(Path file, TrackRecord track) throws IOException {
    if (Files.size(file) == 0) {
      return new Count(0, track.bytes());
    }
    long events = 0;
    long bytes = 0;
    try (CastReader reader = new CastReader(new BufferedInputStream(Files.newInputStream(file)))) {
      CastBytes exact = new CastBytes();
      for (CastEvent event = reader.next(); event != null; event = reader.next()) {
        events++;
        bytes += exact.of(event).length;
      }
    } catch (CastFormatException e) {
      // The end is whole, something before it is not: leave it to 'verify' and the person.
      log.warn("{} is damaged before its end: {}", file, e.getMessage());
    }
    return new Count(events, bytes);
  }

  private static Count countLines(Path file, TrackRecord track) throws IOException {
    long lines = 0;
    byte[] buffer = new byte[64 * 1024];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        for (int i = 0; i < count; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
      }
    }
    return new Count(lines, track.bytes());
  }
}
