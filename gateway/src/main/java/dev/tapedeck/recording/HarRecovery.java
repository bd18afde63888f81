package dev.tapedeck.recording;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.formats.har.HarLayout;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.storage.AppendFile;
import dev.tapedeck.storage.AppendFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A HAR whose gateway died: it ends behind its last whole entry, and what the journal has of
 * exchanges that are not in it becomes entries too.
 *
 * <p>May be done again when it was itself cut short: an exchange is noted in the journal as soon as
 * it is in the HAR.
 */
final class HarRecovery {

  private static final Logger LOG = LoggerFactory.getLogger(HarRecovery.class);

  private static final String CUT = "the gateway was ended by force";

  private HarRecovery() {}

  /**
   * Repairs one HAR.
   *
   * @param har the file; it need not be there if its journal is
   * @throws IOException with path and reason
   */
  static void run(Path har) throws IOException {
    Path journal = har.resolveSibling(har.getFileName() + Journal.SUFFIX);
    Map<Long, JournaledExchange> left = read(journal);
    try (FileChannel file =
        FileChannel.open(
            har,
            Set.copyOf(
                EnumSet.of(
                    StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      HarLayout.End end = HarLayout.wholeEnd(file);
      long position = end.bytes();
      boolean empty = end.empty();
      Obj last = end.last();
      if (last != null) {
        // It may have been written, and the crash came before that was noted.
        last.integer("_exchange").ifPresent(left::remove);
      }
      if (position == 0) {
        position = put(file, 0, HarLayout.head(HarFile.version()));
      }
      String track = name(har);
      for (JournaledExchange each : left.values()) {
        ComposedEntry made =
            ComposedEntry.of(each, journal, track, name -> body(har, name), End.UPSTREAM_EOF, CUT);
        position = put(file, position, made.json().between(HarLayout.before(empty), new byte[0]));
        empty = false;
        each.release();
        Files.write(journal, Journal.written(each.number()), StandardOpenOption.APPEND);
      }
      file.truncate(put(file, position, HarLayout.foot(end.gaps())));
    }
    Files.deleteIfExists(journal);
  }

  private static String name(Path har) {
    String name = String.valueOf(har.getFileName());
    return name.substring(0, name.lastIndexOf('.'));
  }

  private static AppendFile body(Path har, String name) throws IOException {
    Path file = har.resolveSibling(name);
    Files.deleteIfExists(file);
    return AppendFiles.DISK.create(file);
  }

  private static long put(FileChannel file, long position, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      file.write(buffer, position + buffer.position());
    }
    return position + bytes.length;
  }

  /** The exchanges that are in the journal and not in the HAR. */
  private static Map<Long, JournaledExchange> read(Path journal) throws IOException {
    Map<Long, JournaledExchange> left = new LinkedHashMap<>();
    if (!Files.isRegularFile(journal, LinkOption.NOFOLLOW_LINKS)) {
      return left;
    }
    try (JournalLines lines = new JournalLines(journal)) {
      while (lines.next()) {
        try {
          Journal.Entry entry = Journal.read(lines.array(), lines.begin(), lines.end());
          take(left, entry, lines.offset(), lines.end() + 1 - lines.begin());
        } catch (IOException e) {
          LOG.debug("{}: a line is passed over: {}", journal, e.getMessage());
        }
      }
    }
    return left;
  }

  private static void take(
      Map<Long, JournaledExchange> left, Journal.Entry entry, long offset, int length) {
    switch (entry) {
      case Journal.Entry.Written(long exchange) -> {
        JournaledExchange written = left.remove(exchange);
        if (written != null) {
          written.release();
        }
      }
      case Journal.Entry.Happened(Journal.Line(long time, HttpEvent event)) -> {
        JournaledExchange exchange = left.get(event.exchange());
        if (event instanceof HttpEvent.Requested requested) {
          left.put(event.exchange(), new JournaledExchange(requested, time));
        } else if (exchange != null && event instanceof HttpEvent.Body body) {
          exchange.add(body, time, offset, offset + length);
        } else if (exchange != null) {
          exchange.add(event, time);
        }
      }
    }
  }
}
