/**
 * Frames to files: a {@code .cast} or {@code .jsonl} for each track, and {@code session.json}.
 *
 * <p>May use {@code event}, {@code session}, {@code storage} and the formats. {@link
 * dev.tapedeck.recording.SessionRecorder} is the way in.
 *
 * <pre>
 *   Frame -> SessionRecorder -> SessionTape -> TrackTape (gaps, stalls) -> Notation (lines) -> storage
 *                                    \-> session.json, on a lane of its own
 * </pre>
 */
@NullMarked
package dev.tapedeck.recording;

import org.jspecify.annotations.NullMarked;
