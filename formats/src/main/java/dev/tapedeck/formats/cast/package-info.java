/**
 * Terminal recordings in asciicast, versions 2 and 3: header, events, an encoder from raw bytes, a
 * reader, writers, plain text, and the repair of a file that a crash cut short.
 *
 * <p>Needs jackson-core and nothing else; knows nothing of sessions or gateways. Times are
 * nanoseconds since the recording began.
 */
@NullMarked
package dev.tapedeck.formats.cast;

import org.jspecify.annotations.NullMarked;
