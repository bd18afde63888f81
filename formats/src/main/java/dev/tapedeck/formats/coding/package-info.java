/**
 * HTTP content codings (RFC 9110, section 8.4): bodies are decoded as their bytes arrive.
 *
 * <p>{@link dev.tapedeck.formats.coding.BodyDecoder} is the way in. It is pushed slices of the body
 * as it was on the wire and hands on what they decode to at once: whatever the sender has flushed
 * comes out, so that a screen can show a compressed stream as it runs. That is why brotli and zstd
 * are decoded here and not by a library: those known for Java pull their input in blocks of some
 * kilobytes, and give nothing out before a window is full or the body has ended. Bodies that are
 * cut off, corrupt or endless are ordinary here; {@link dev.tapedeck.formats.coding.DecodedEnd}
 * says which, and everything before that point has been handed on.
 *
 * <p>{@link dev.tapedeck.formats.coding.Compression} is the other direction, for what recordings
 * keep.
 *
 * <p>Needs the JDK and nothing else.
 */
@NullMarked
package dev.tapedeck.formats.coding;

import org.jspecify.annotations.NullMarked;
