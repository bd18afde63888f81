package dev.tapedeck.recording;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.formats.cast.CastEncoder;
import dev.tapedeck.formats.cast.CastHeader;
import dev.tapedeck.formats.cast.CastLine;
import dev.tapedeck.session.SessionRecord.Payload;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A shell or a command as asciicast v2.
 *
 * <p>The cast's clock begins when the track was opened. Standard error is {@code o} too, since that
 * is what a person would have seen. Where there is no terminal each direction has a {@link
 * PayloadWatch}: from the first bytes on that are not text it is size and checksum. Hidden input is
 * gathered into one mark until something else happens.
 */
final class CastNotation implements Notation {

  private final CastEncoder encoder = new CastEncoder();
  private final Lines header;
  private final long origin;
  private final @Nullable PayloadWatch output;
  private final @Nullable PayloadWatch error;
  private final @Nullable PayloadWatch input;

  /** Lines that go together but were made one after the other. */
  private final ByteArrayOutputStream several = new ByteArrayOutputStream();

  private int severalEvents;
  private int hidden;

  /**
   * Notes for a track that was opened.
   *
   * @param opened the frame of its {@link Event.TrackOpened}
   * @param keep where bytes that are not text are kept, or null
   */
  CastNotation(Frame opened, Event.TrackOpened event, PayloadWatch.@Nullable Keep keep) {
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
    boolean pipes = event.terminal() == null;
    this.output = pipes ? new PayloadWatch("output", keep) : null;
    this.error = pipes ? new PayloadWatch("error", keep) : null;
    this.input = pipes ? new PayloadWatch("input", keep) : null;
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
  public Lines of(Frame frame) {
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
      case Event.Output out -> carried(time, out.data(), output, encoder::output);
      case Event.ErrorOutput err -> carried(time, err.data(), error, encoder::errorOutput);
      case Event.Input in -> carried(time, in.data(), input, encoder::input);
      case Event.Resized resized ->
          last(encoder.resize(time, resized.size().columns(), resized.size().rows()));
      case Event.Marker marker -> last(encoder.marker(time, marker.label()));
      case Event.TrackClosed closed -> {
        watches()
            .forEach(watch -> watch.end().ifPresent(label -> gather(encoder.marker(time, label))));
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

  private Stream<PayloadWatch> watches() {
    return Stream.of(input, output, error).filter(Objects::nonNull);
  }

  private Lines carried(long time, Bytes data, @Nullable PayloadWatch watch, Encoding encoding) {
    if (watch == null) {
      return last(encoding.line(time, data.array(), data.offset(), data.length()));
    }
    return switch (watch.pass(data)) {
      case TEXT -> last(encoding.line(time, data.array(), data.offset(), data.length()));
      case TURNED -> last(encoder.marker(time, watch.announcement()));
      case PAYLOAD -> gathered();
    };
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
