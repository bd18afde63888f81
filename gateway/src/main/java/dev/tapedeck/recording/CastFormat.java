package dev.tapedeck.recording;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.formats.cast.CastBytes;
import dev.tapedeck.formats.cast.CastEncoder;
import dev.tapedeck.formats.cast.CastHeader;
import dev.tapedeck.formats.cast.CastLine;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A shell or a command as asciicast v2.
 *
 * <p>The cast's clock begins when the track was opened. Standard error is {@code o} too, since that
 * is what a person would have seen. Bytes that are not UTF-8 are kept beside what is shown of them
 * (see {@link CastBytes}); where there is no terminal, nothing is shown of chunks that nobody could
 * read (see {@link Legible}). Hidden input is gathered into one mark until something else happens.
 */
final class CastFormat implements TrackFormat {

  private final CastEncoder encoder;
  private final Lines header;
  private final long origin;
  private final boolean pipes;
  private final PayloadLimit limit;
  private final Direction output;
  private final Direction error;
  private final Direction input;

  /** Lines that go together but were made one after the other. */
  private final ByteArrayOutputStream several = new ByteArrayOutputStream();

  private int severalEvents;
  private int hidden;

  /**
   * Notes for a track that was opened.
   *
   * @param opened the frame of its {@link Event.TrackOpened}
   * @param limit how much is kept of what is not text
   */
  CastFormat(Frame opened, Event.TrackOpened event, PayloadLimit limit) {
    TerminalSize size =
        event.terminal() == null ? TerminalSize.DEFAULT : event.terminal().recordable();
    CastHeader first =
        CastHeader.of(size.columns(), size.rows())
            .withTimestamp(event.time())
            .withCommand(event.command())
            .withEnv(event.environment());
    // From an encoder of its own: this is a buffer that later lines leave alone.
    CastLine line = new CastEncoder().header(first);
    this.header = new Lines(line.array(), line.offset(), line.length(), 0);
    this.origin = opened.time();
    this.pipes = event.terminal() == null;
    this.limit = limit;
    PayloadWatch watchOutput = new PayloadWatch("output", limit);
    PayloadWatch watchError = new PayloadWatch("error", limit);
    PayloadWatch watchInput = new PayloadWatch("input", limit);
    this.encoder = new CastEncoder(watchOutput, watchError, watchInput);
    this.output = new Direction(watchOutput, encoder::output, encoder::outputBytes);
    this.error = new Direction(watchError, encoder::errorOutput, encoder::errorOutputBytes);
    this.input = new Direction(watchInput, encoder::input, encoder::inputBytes);
  }

  @Override
  public String suffix() {
    return ".cast";
  }

  @Override
  public Lines begin() {
    return header;
  }

  @Override
  public Lines of(Frame frame) throws IOException {
    limit.at(frame.time());
    Lines lines = lines(frame);
    limit.check();
    return lines;
  }

  private Lines lines(Frame frame) {
    long time = frame.time() - origin;
    several.reset();
    severalEvents = 0;
    if (frame.event() instanceof Event.HiddenInput more) {
      hidden += more.count();
      return Lines.NONE;
    }
    if (hidden > 0) {
      gather(encoder.marker(time, "hidden input: " + hidden + " bytes"));
      hidden = 0;
    }
    return switch (frame.event()) {
      case Event.Output out -> carried(time, out.data(), output);
      case Event.ErrorOutput err -> carried(time, err.data(), error);
      case Event.Input in -> carried(time, in.data(), input);
      case Event.Resized resized ->
          last(encoder.resize(time, resized.size().columns(), resized.size().rows()));
      case Event.Marker marker -> last(encoder.marker(time, marker.label()));
      case Event.TrackClosed closed -> {
        gather(encoder.flush(time));
        watches().forEach(watch -> mark(time, watch.end()));
        mark(time, limit.whole());
        yield last(encoder.exit(time, closed.status().number()));
      }
      case Event.FileOperation operation ->
          last(encoder.marker(time, operation.operation() + " " + operation.path()));
      case Event.TrackOpened _, Event.HiddenInput _ -> gathered();
      case HttpEvent http -> throw new IllegalArgumentException("in a cast: " + http);
    };
  }

  @Override
  public Lines mark(long time, String label) {
    several.reset();
    severalEvents = 0;
    return last(encoder.marker(time - origin, label));
  }

  @Override
  public void skipped() {
    watches().forEach(PayloadWatch::skipped);
  }

  @Override
  public List<Payload> payloads() {
    return watches().flatMap(watch -> watch.payload().stream()).toList();
  }

  @Override
  public List<Gap> gaps() {
    return limit.gaps();
  }

  private Stream<PayloadWatch> watches() {
    return Stream.of(input.watch, output.watch, error.watch);
  }

  private Lines carried(long time, Bytes data, Direction direction) {
    PayloadWatch watch = direction.watch;
    boolean readable = !pipes || Legible.isText(data.array(), data.offset(), data.length());
    if (!readable) {
      mark(time, watch.announcement());
    }
    Encoding encoding = readable ? direction.shown : direction.untold;
    CastLine line = encoding.line(time, data.array(), data.offset(), data.length());
    watch.passed(data);
    Optional<String> gap = limit.beginning();
    if (gap.isEmpty()) {
      return last(line);
    }
    gather(line);
    return last(encoder.marker(time, gap.get()));
  }

  private void mark(long time, Optional<String> label) {
    label.ifPresent(text -> gather(encoder.marker(time, text)));
  }

  /** The lines gathered so far and this one. */
  private Lines last(CastLine line) {
    if (several.size() == 0) {
      return new Lines(line.array(), line.offset(), line.length(), line.isEmpty() ? 0 : 1);
    }
    gather(line);
    return gathered();
  }

  private void gather(CastLine line) {
    several.write(line.array(), line.offset(), line.length());
    severalEvents += line.isEmpty() ? 0 : 1;
  }

  private Lines gathered() {
    return several.size() == 0
        ? Lines.NONE
        : new Lines(several.toByteArray(), 0, several.size(), severalEvents);
  }

  /** How one direction is written: as text, and where nobody could read it. */
  private record Direction(PayloadWatch watch, Encoding shown, Encoding untold) {}

  private interface Encoding {
    CastLine line(long nanos, byte[] bytes, int offset, int length);
  }
}
