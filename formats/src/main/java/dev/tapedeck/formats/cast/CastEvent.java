package dev.tapedeck.formats.cast;

/**
 * One event of a recording.
 *
 * @param time nanoseconds since the recording began; not negative, whatever version the file has
 * @param data text for output, input and markers; {@code COLSxROWS} for a resize; a decimal number
 *     for an exit
 */
public record CastEvent(long time, CastCode code, String data) {
  public CastEvent {
    if (time < 0) {
      throw new IllegalArgumentException("no event lies before the recording: " + time + " ns");
    }
  }
}
