package dev.tapedeck.recording;

import dev.tapedeck.event.Frame;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.session.SessionRecord.Payload;
import java.io.IOException;
import java.util.List;

/** How a track's frames are written down. For one thread at a time. */
interface TrackFormat {

  /** The file's name, after the track's name. */
  String suffix();

  /** What the file begins with, before any frame; good until the next call. */
  Lines begin();

  /**
   * The frame's lines: whole ones, or none yet; good until the next call.
   *
   * @throws IOException under the strict policy, if they do not hold all of the frame
   */
  Lines of(Frame frame) throws IOException;

  /**
   * A mark that people who play or read the recording will see.
   *
   * @param time nanoseconds since the session began
   */
  Lines mark(long time, String label);

  /** Frames went by unseen: what was made of every byte, such as a checksum, is made no more. */
  void skipped();

  /** What of the track is not text; complete once the track is closed. */
  List<Payload> payloads();

  /** What the notation itself left out, so far; asked by any thread. */
  List<Gap> gaps();

  /** A view of whole lines, never compared; {@code events} says how many. */
  @SuppressWarnings("ArrayRecordComponent")
  record Lines(byte[] array, int offset, int length, int events) {
    static final Lines NONE = new Lines(new byte[0], 0, 0, 0);
  }
}
