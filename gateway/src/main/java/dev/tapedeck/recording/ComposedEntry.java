package dev.tapedeck.recording;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.formats.bytes.Blocks;
import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.har.BodyCoding;
import dev.tapedeck.formats.har.HarEntry;
import dev.tapedeck.formats.har.HarField;
import dev.tapedeck.formats.har.HarFiles;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.JsonText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * An exchange as an entry of a HAR, read from its journal: while its session lives and after a
 * crash.
 *
 * @param json the entry as it is written
 */
record ComposedEntry(Obj entry, Blocks json) {

  /**
   * A body with more bytes, or that unfolds to more, lies in a file: an entry takes some ten times
   * its bodies' memory while it is made.
   */
  static final long MAX_BODY_BYTES = Math.min(8L << 20, Runtime.getRuntime().maxMemory() / 64);

  /** Bodies below this do not unfold to more than memory has. */
  private static final long ASKED_BYTES = 64 * 1024;

  /** An exchange with more than this waits while another such one becomes an entry. */
  private static final long LARGE_BYTES = MAX_BODY_BYTES / 4;

  /** One of all sessions. */
  private static final Semaphore LARGE = new Semaphore(1);

  /**
   * Makes the entry, and the files of bodies that are too large for it. May be done again.
   *
   * @param file the HAR's name, which begins its bodies' names
   * @param otherwise how the exchange ended, where nothing has said so
   * @param why in a sentence, or null
   */
  static ComposedEntry of(
      JournaledExchange exchange,
      Path journal,
      String file,
      BodyFile.Maker bodies,
      End otherwise,
      @Nullable String why)
      throws IOException {
    boolean large = exchange.size() > LARGE_BYTES;
    if (large) {
      LARGE.acquireUninterruptibly();
    }
    try {
      return new Composing(exchange, journal, file, bodies).make(otherwise, why);
    } finally {
      if (large) {
        LARGE.release();
      }
    }
  }

  /** One entry while it is made. */
  private static final class Composing {

    private final JournaledExchange exchange;
    private final Path journal;
    private final String file;
    private final BodyFile.Maker bodies;

    Composing(JournaledExchange exchange, Path journal, String file, BodyFile.Maker bodies) {
      this.exchange = exchange;
      this.journal = journal;
      this.file = file;
      this.bodies = bodies;
    }

    ComposedEntry make(End otherwise, @Nullable String why) throws IOException {
      ExchangeCapture capture;
      try (BodyFile request = beside(Side.REQUEST);
          BodyFile response = beside(Side.RESPONSE)) {
        capture =
            new ExchangeCapture(
                exchange.requested(),
                exchange.begun(),
                new BodyCapture(request),
                new BodyCapture(response));
        exchange.replay(journal, capture::add);
        Obj entry = HarEntry.of(capture.take(otherwise, why));
        // Where the session's other tracks have the same moment.
        entry.put("_time", HarFile.seconds(exchange.begun()));
        Blocks json = new Blocks();
        JsonText.write(entry, json);
        return new ComposedEntry(entry, json);
      }
    }

    private @Nullable BodyFile beside(Side side) throws IOException {
      List<HttpHeader> headers = exchange.headers(side);
      if (headers == null) {
        return null;
      }
      List<HarField> fields = ExchangeCapture.fields(headers);
      if (exchange.bytes(side) <= MAX_BODY_BYTES && !unfolds(side, fields)) {
        return null;
      }
      String name =
          "%s.%d.%s%s"
              .formatted(
                  file, exchange.number(), side.name().toLowerCase(Locale.ROOT), HarFiles.SUFFIX);
      return new BodyFile(bodies, name, fields, exchange.redacted(side));
    }

    private boolean unfolds(Side side, List<HarField> headers) throws IOException {
      String coding = BodyCoding.told(headers);
      if (coding.isEmpty() || exchange.bytes(side) <= ASKED_BYTES) {
        return false;
      }
      long[] bytes = {0};
      try (BodyDecoder decoder =
          new BodyDecoder(coding, MAX_BODY_BYTES + 1, (_, _, length) -> bytes[0] += length)) {
        exchange.replay(
            journal,
            (event, _) -> {
              if (event instanceof HttpEvent.Body body
                  && body.side() == side
                  && bytes[0] <= MAX_BODY_BYTES) {
                decoder.feed(body.data().array(), body.data().offset(), body.data().length());
              }
            });
        decoder.finish();
      }
      return bytes[0] > MAX_BODY_BYTES;
    }
  }
}
