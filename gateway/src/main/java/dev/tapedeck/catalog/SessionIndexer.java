package dev.tapedeck.catalog;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.har.HarReader;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What a session's files hold, as rows: its exchanges, and what can be read. */
final class SessionIndexer {

  private static final String CAST = ".cast";
  private static final String HAR = ".har";
  private static final String FILES = ".jsonl";

  /** What a client did after so many operations is not found: some 30 MB. */
  private static final int MAX_OPERATIONS = 100_000;

  private SessionIndexer() {}

  /**
   * Writes all of a session, in the place of what was known of it.
   *
   * @param outputLimit so many bytes of each terminal's output
   * @return one sentence for each file that could not be read to its end
   */
  static List<String> put(Handle handle, SessionRecord session, Path folder, long outputLimit) {
    SessionId id = session.id();
    ExchangeRows.delete(handle, id);
    TextRows.delete(handle, id);
    List<String> problems = new ArrayList<>();
    for (TrackRecord track : session.tracks()) {
      Path file = folder.resolve(track.file());
      if (!Files.exists(file)) {
        continue;
      }
      if (track.file().endsWith(CAST)) {
        add(problems, terminal(handle, id, track, file, outputLimit));
      } else if (track.file().endsWith(HAR)) {
        add(problems, exchanges(handle, id, track.name(), file));
      } else if (track.file().endsWith(FILES)) {
        add(problems, files(handle, id, track, file, outputLimit));
      }
    }
    return problems;
  }

  private static void add(List<String> problems, @Nullable String problem) {
    if (problem != null) {
      problems.add(problem);
    }
  }

  /** Writes what one terminal showed; what is wrong with the file, or null. */
  static @Nullable String terminal(
      Handle handle, SessionId id, TrackRecord track, Path cast, long outputLimit) {
    TextRows.delete(handle, id, track.name());
    try {
      boolean cut =
          TerminalText.read(
              cast,
              track.startedMillis(),
              outputLimit,
              lines -> TextRows.put(handle, id, track.name(), lines));
      if (cut) {
        CutRows.put(handle, id, track.name(), outputLimit);
      }
      return null;
    } catch (IOException e) {
      return cast + ": " + e.getMessage();
    }
  }

  /** Writes what was done to files; what is wrong with the track's file, or null. */
  static @Nullable String files(
      Handle handle, SessionId id, TrackRecord track, Path file, long outputLimit) {
    TextRows.delete(handle, id, track.name());
    List<FileOperation> operations = new ArrayList<>();
    String problem = null;
    try {
      FileOperation.read(
          file,
          track.name(),
          operation -> {
            if (operation.isSearchable() && operations.size() < MAX_OPERATIONS) {
              operations.add(operation);
            }
          });
      if (TerminalText.readTransfer(
          file, outputLimit, lines -> TextRows.put(handle, id, track.name(), lines))) {
        CutRows.put(handle, id, track.name(), outputLimit);
      }
    } catch (IOException e) {
      problem = file + ": " + e.getMessage();
    }
    TextRows.put(handle, id, operations);
    return problem;
  }

  private static @Nullable String exchanges(Handle handle, SessionId id, String track, Path har) {
    try (HarReader entries = HarReader.of(Files.newInputStream(har))) {
      for (HarReader.Item item = entries.next(); item != null; item = entries.next()) {
        exchanges(handle, List.of(Exchange.of(id, track, item.entry())));
      }
      return null;
    } catch (IOException e) {
      return har + ": " + e.getMessage();
    }
  }

  static void exchanges(Handle handle, List<Exchange> exchanges) {
    ExchangeRows.put(handle, exchanges);
    TextRows.put(handle, exchanges);
  }
}
