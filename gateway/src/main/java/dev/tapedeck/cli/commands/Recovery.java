package dev.tapedeck.cli.commands;

import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.formats.cast.CastRepair;
import dev.tapedeck.recording.SessionJson;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import dev.tapedeck.storage.Checksums;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.Repair;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes whole what a gateway that died left behind: each cast ends at its last whole line, and
 * {@code session.json} says {@code truncated}. For the start of {@code serve} and for {@code
 * repair}.
 */
public final class Recovery {

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final String REASON = "the gateway was ended by force";

  private final Consumer<SessionRecord> repaired;

  /**
   * @param repaired is told of each session as it is now, for the catalog
   */
  public Recovery(Consumer<SessionRecord> repaired) {
    this.repaired = repaired;
  }

  /**
   * Repairs every session that needs it.
   *
   * @throws IOException with path and reason, if the recordings cannot be listed
   */
  public Repair.Outcome run(RecordingStore store) throws IOException {
    return new Repair(Recovery::keepBytes, (folder, cuts) -> mark(folder)).run(store);
  }

  private static long keepBytes(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    if (name.endsWith(".cast")) {
      try (SeekableByteChannel channel = Files.newByteChannel(file)) {
        return CastRepair.wholeLength(channel);
      }
    }
    // Kept payloads are bytes without structure: all that there is, is good.
    return name.endsWith(".jsonl") ? Repair.lastWholeLine(file) : Files.size(file);
  }

  private void mark(SessionFolder folder) throws IOException {
    SessionRecord was;
    try {
      was = SessionJson.read(folder);
    } catch (IOException e) {
      if (folder.names().contains(SessionFolder.SUMMARY)) {
        throw e;
      }
      LOG.info("{} has no session.json to be marked in", folder);
      return;
    }
    if (was.status() != Status.LIVE) {
      repaired.accept(was); // it had ended; only its seal was missing
      return;
    }
    Instant ended = folder.lastWritten();
    List<TrackRecord> tracks = new ArrayList<>();
    for (TrackRecord track : was.tracks()) {
      tracks.add(measured(folder.path(), track));
    }
    SessionRecord now =
        new SessionRecord(
            was.id(),
            was.kind(),
            was.user(),
            was.source(),
            was.started(),
            ended.isBefore(was.started()) ? was.started() : ended,
            Status.TRUNCATED,
            REASON,
            was.attributes(),
            tracks,
            was.gaps());
    folder.writeWhole(SessionFolder.SUMMARY, SessionJson.write(now));
    repaired.accept(now);
  }

  /**
   * A track with its events counted and its checksum. How many bytes it carried is known only as
   * well as the last {@code session.json} knew.
   */
  private static TrackRecord measured(Path folder, TrackRecord track) throws IOException {
    Path file = folder.resolve(track.file());
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return track;
    }
    return new TrackRecord(
        track.name(),
        track.type(),
        track.file(),
        track.startedMillis(),
        track.command(),
        Math.max(track.events(), events(file)),
        track.bytes(),
        track.exitStatus(),
        Checksums.sha256(file),
        track.payloads());
  }

  private static long events(Path file) throws IOException {
    if (!file.toString().endsWith(".cast") || Files.size(file) == 0) {
      return 0;
    }
    try (CastFile cast = new CastFile(file)) {
      long count = 0;
      for (CastEvent event = cast.next(); event != null; event = cast.next()) {
        count++;
      }
      return count;
    } catch (CommandFailed e) {
      LOG.warn("its events cannot be counted: {}", e.getMessage());
      return 0;
    } catch (NoSuchFileException e) {
      return 0; // removed since the look
    }
  }
}
