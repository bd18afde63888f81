package dev.tapedeck.recording;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.formats.har.HarEntry;
import dev.tapedeck.formats.har.HarLayout;
import dev.tapedeck.formats.json.Json.Obj;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
    Map<Long, ExchangeCapture> left = read(journal);
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
      for (Map.Entry<Long, ExchangeCapture> each : left.entrySet()) {
        Obj entry = HarEntry.of(each.getValue().take(End.UPSTREAM_EOF, CUT));
        entry.put("_time", HarFile.seconds(each.getValue().begun()));
        position = put(file, position, HarLayout.entry(entry, empty));
        empty = false;
        Files.write(journal, Journal.written(each.getKey()), StandardOpenOption.APPEND);
      }
      file.truncate(put(file, position, HarLayout.foot(end.gaps())));
    }
    Files.deleteIfExists(journal);
  }

  private static long put(FileChannel file, long position, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      file.write(buffer, position + buffer.position());
    }
    return position + bytes.length;
  }

  /** The exchanges that are in the journal and not in the HAR. */
  private static Map<Long, ExchangeCapture> read(Path journal) throws IOException {
    Map<Long, ExchangeCapture> left = new LinkedHashMap<>();
    if (!Files.isRegularFile(journal, LinkOption.NOFOLLOW_LINKS)) {
      return left;
    }
    // A reader of this kind replaces a character that the crash cut in two, and does not fail.
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(journal), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        take(left, line, journal);
      }
    }
    return left;
  }

  private static void take(Map<Long, ExchangeCapture> left, String text, Path journal) {
    try {
      switch (Journal.read(text)) {
        case Journal.Entry.Written(long exchange) -> left.remove(exchange);
        case Journal.Entry.Happened(Journal.Line(long time, HttpEvent event)) -> {
          if (event instanceof HttpEvent.Requested requested) {
            left.put(event.exchange(), new ExchangeCapture(requested, time));
            return;
          }
          ExchangeCapture capture = left.get(event.exchange());
          if (capture != null) {
            capture.add(event, time);
          }
        }
      }
    } catch (IOException e) {
      LOG.debug("{}: a line is passed over: {}", journal, e.getMessage());
    }
  }
}
