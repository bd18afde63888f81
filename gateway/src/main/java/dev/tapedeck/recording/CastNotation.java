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
 * read (see {@link Readable}). Hidden input is gathered into one mark until something else happens.
 */
final class CastNotation implements Notation {

  private final CastEncoder encoder;
  private final Lines header;
  private final long origin;
  private final boolean pipes;
  private final PayloadLimit limit;
  private final PayloadWatch output;
  private final PayloadWatch error;
  private final PayloadWatch input;

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
  CastNotation(Frame opened, Event.TrackOpened event, PayloadLimit limit) {
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
    this.output = new PayloadWatch("output", limit);
    this.error = new PayloadWatch("error", limit);
    this.input = new PayloadWatch("input", limit);
    this.encoder = new CastEncoder(output, error, input);
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
      case Event.Output out ->
          carried(time, out.data(), output, encoder::output, encoder::outputBytes);
      case Event.ErrorOutput err ->
          carried(time, err.data(), error, encoder::errorOutput, encoder::errorOutputBytes);
      case Event.Input in -> carried(time, in.data(), input, encoder::input, encoder::inputBytes);
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
    return Stream.of(input, output, error);
  }

  private Lines carried(
      long time, Bytes data, PayloadWatch watch, Encoding shown, Encoding untold) {
    boolean readable = !pipes || Readable.isText(data.array(), data.offset(), data.length());
    if (!readable) {
      mark(time, watch.announcement());
    }
    CastLine line =
        (readable ? shown : untold).line(time, data.array(), data.offset(), data.length());
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

  private interface Encoding {
    CastLine line(long nanos, byte[] bytes, int offset, int length);
  }
}
