/**
 * HTTP content codings (RFC 9110, section 8.4): bodies are decoded as their bytes arrive.
 *
 * <p>{@link dev.tapedeck.formats.coding.BodyDecoder} is the way in. It is pushed slices of the body
 * as it was on the wire and hands on what they decode to at once: whatever the sender has flushed
 * comes out, so that a screen can show a compressed stream as it runs. gzip and deflate stand on
 * the JDK; brotli and zstd are provided by {@link dev.tapedeck.formats.coding.Codecs}. Bodies that
 * are cut off, corrupt or endless are ordinary here; {@link dev.tapedeck.formats.coding.DecodedEnd}
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
