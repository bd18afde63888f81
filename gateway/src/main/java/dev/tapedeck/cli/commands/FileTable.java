package dev.tapedeck.cli.commands;

import dev.tapedeck.catalog.FileOperation;
import dev.tapedeck.cli.config.Units;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.node.ObjectNode;

/** Files that were moved, as {@code show} and {@code files} print them. */
final class FileTable {

  /** {@code show} prints so many. */
  private static final int FIRST = 20;

  private static final int SECOND_DIGITS = 3;

  private FileTable() {}

  /** A session's transfers, in the order in which they ended; of a live one those so far. */
  static List<FileOperation> read(Recordings.Found found, List<String> problems) {
    List<FileOperation> files = new ArrayList<>();
    TrackRecord named = found.track();
    for (TrackRecord track : named == null ? found.session().tracks() : List.of(named)) {
      if (!Recordings.isFiles(track)) {
        continue;
      }
      Path file = found.folder().path().resolve(track.file());
      try {
        FileOperation.read(
            file,
            track.name(),
            operation -> {
              if (operation.isTransfer()) {
                files.add(operation);
              }
            });
      } catch (NoSuchFileException e) {
        if (track.sha256() != null) { // else nothing has been recorded yet
          problems.add(Sentence.of(e));
        }
      } catch (IOException e) {
        problems.add(Sentence.of(e));
      }
    }
    files.sort(Comparator.comparingLong(FileOperation::millis));
    return files;
  }

  static void printFirst(List<FileOperation> files, Console console) {
    Table table = new Table("TRACK", ">TIME", "DIRECTION", ">SIZE", "PATH", "SHA-256");
    for (FileOperation file : files.subList(0, Math.min(FIRST, files.size()))) {
      table.row(file.track(), time(file), file.direction(), size(file), path(file), sha256(file));
    }
    table.print(console);
    if (files.size() > FIRST) {
      console.line("and " + (files.size() - FIRST) + " more: see all with 'tapedeck files'");
    }
  }

  static String time(FileOperation file) {
    return Units.show(Duration.ofMillis(file.millis()));
  }

  static String size(FileOperation file) {
    return Units.show(file.bytes());
  }

  static String sha256(FileOperation file) {
    return Objects.requireNonNullElse(file.sha256(), "-");
  }

  static String path(FileOperation file) {
    return file.error() == null ? file.paths() : file.paths() + ": " + file.error();
  }

  static void json(FileOperation file, ObjectNode node) {
    node.put("track", file.track());
    node.put("second", BigDecimal.valueOf(file.millis(), SECOND_DIGITS));
    node.put("direction", file.direction());
    node.put("path", file.path());
    node.put("target", file.target());
    node.put("bytes", file.bytes());
    node.put("sha256", file.sha256());
    node.put("error", file.error());
  }
}
