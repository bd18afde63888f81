package dev.tapedeck.cli.follow;

import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.formats.cast.CastFormatException;
import dev.tapedeck.formats.cast.CastReader;
import dev.tapedeck.live.LiveScreen;
import dev.tapedeck.live.ScreenSnapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A terminal track's file, told to a screen. Of a long recording only the end is told, and the
 * sizes before it: what was printed long ago has scrolled away. For one thread at a time.
 */
final class ScreenFile {

  private static final Logger LOG = LoggerFactory.getLogger(ScreenFile.class);

  /** So much of a recording's end is told to the screen, in bytes. */
  static final long MAX_TOLD_BYTES = 8L << 20;

  /** Where in a line the event's code stands at the latest. */
  private static final int CODE_WITHIN = 48;

  private final GrowingFile cast;
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private byte @Nullable [] header;
  private @Nullable LiveScreen screen;
  private long from = -1;

  ScreenFile(Path cast) {
    this.cast = new GrowingFile(cast);
  }

  /** As {@link GrowingFile#look}. */
  boolean look(long budget) throws IOException {
    if (from < 0) {
      from = cast.size() - MAX_TOLD_BYTES;
    }
    told.reset();
    boolean more = cast.look(budget, this::line);
    byte[] first = header;
    if (first != null && (told.size() > 0 || screen == null)) {
      tell(first);
    }
    return more;
  }

  private boolean line(long offset, byte[] line) {
    if (offset == 0) {
      header = line;
      screen = null;
    } else if (offset >= from || isResize(line)) {
      told.writeBytes(line);
      told.write('\n');
    }
    return true;
  }

  private static boolean isResize(byte[] line) {
    for (int i = 0; i + 2 < Math.min(line.length, CODE_WITHIN); i++) {
      if (line[i] == '"') {
        return line[i + 1] == 'r' && line[i + 2] == '"';
      }
    }
    return false;
  }

  /** Each piece is read as a recording of its own: times do not matter to a screen. */
  private void tell(byte[] first) throws IOException {
    ByteArrayOutputStream piece = new ByteArrayOutputStream();
    piece.writeBytes(first);
    piece.write('\n');
    told.writeTo(piece);
    try (CastReader reader = new CastReader(new ByteArrayInputStream(piece.toByteArray()))) {
      LiveScreen into = screen;
      if (into == null) {
        into = new LiveScreen(reader.header().width(), reader.header().height());
        screen = into;
      }
      for (CastEvent event = next(reader); event != null; event = next(reader)) {
        into.take(event);
      }
    }
  }

  private @Nullable CastEvent next(CastReader reader) throws IOException {
    while (true) {
      try {
        return reader.next();
      } catch (CastFormatException e) {
        LOG.debug("{}: a line is passed over: {}", cast.path(), e.reason());
      }
    }
  }

  /** The screen now; null if there is none yet. */
  @Nullable ScreenSnapshot picture() {
    LiveScreen shown = screen;
    return shown == null ? null : shown.picture();
  }
}
