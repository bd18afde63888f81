package dev.tapedeck.cli;

import dev.tapedeck.catalog.Catalog;
import dev.tapedeck.catalog.CatalogException;
import dev.tapedeck.cli.commands.CommandFailed;
import dev.tapedeck.cli.config.Config;
import dev.tapedeck.recording.CrashRepair;
import dev.tapedeck.recording.HarCopy;
import dev.tapedeck.recording.RecordingListener;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.recording.SessionJson;
import dev.tapedeck.recording.SessionRecorder;
import dev.tapedeck.session.Recorder;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.Repair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What records sessions, and what indexes them. */
final class RecordingWiring {

  private static final Logger LOG = LoggerFactory.getLogger(RecordingWiring.class);

  private RecordingWiring() {}

  /** A catalog that cannot be opened is no reason not to record: it can be rebuilt at any time. */
  static Optional<Catalog> catalog(Config config) {
    if (config.catalogFile() == null) {
      return Optional.empty();
    }
    try {
      Catalog catalog = Catalog.open(config.catalogFile(), config.catalogOptions());
      if (catalog.isReindexDue()) {
        LOG.warn("An older version made the index of words: 'tapedeck reindex' makes it anew");
      }
      return Optional.of(catalog);
    } catch (CatalogException e) {
      LOG.error("Going on without a catalog, 'tapedeck reindex' makes one: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * What records sessions; nothing if nothing is to be recorded.
   *
   * @param more who else is told what becomes known of recordings
   */
  static List<Recorder> recorders(
      Config config, Optional<Catalog> catalog, Running running, List<RecordingListener> more)
      throws CommandFailed, IOException {
    if (!config.recording().enabled()) {
      return List.of();
    }
    RecordingStore store = new RecordingStore(config.recordings());
    Optional<Indexing> indexing = catalog.map(index -> new Indexing(index, store));
    recover(store, record -> indexing.ifPresent(index -> index.repaired(record)));
    RecordingOptions options =
        new RecordingOptions(
            switch (config.recording().policy()) {
              case BEST_EFFORT -> RecordingOptions.Policy.BEST_EFFORT;
              case STRICT -> RecordingOptions.Policy.STRICT;
            },
            config.recording().metadata(),
            config.recording().payloadLimit(),
            RecordingOptions.DEFAULT_STALL_LIMIT,
            RecordingOptions.DEFAULT_BACKLOG_BYTES);
    List<RecordingListener> listeners = new ArrayList<>(more);
    indexing.ifPresent(listeners::add);
    Path har = config.har();
    if (har != null) {
      HarCopy copy = harCopy(har);
      running.closeFirst(copy);
      listeners.add(copy);
    }
    SessionRecorder recorder =
        new SessionRecorder(store, options, RecordingListener.all(listeners));
    running.closeFirst(recorder);
    return List.of(recorder);
  }

  private static HarCopy harCopy(Path file) throws CommandFailed {
    try {
      return HarCopy.open(file);
    } catch (IOException e) {
      throw new CommandFailed("--record: " + e.getMessage(), e);
    }
  }

  /** Recordings that cannot even be listed are no reason not to serve; each session will say so. */
  private static void recover(RecordingStore store, Consumer<SessionRecord> known) {
    try {
      Repair.Outcome outcome = CrashRepair.run(store);
      outcome.failures().forEach(LOG::warn);
      for (Repair.Repaired repaired : outcome.repaired()) {
        known.accept(SessionJson.read(repaired.folder()));
      }
    } catch (IOException e) {
      LOG.warn("What an earlier gateway may have left was not repaired: {}", e.getMessage());
    }
  }
}
