/**
 * Server-sent events, read as their bytes arrive.
 *
 * <p>Does no I/O, needs nothing but the JDK, and knows nothing of what the events mean.
 */
@NullMarked
package dev.tapedeck.formats.sse;

import org.jspecify.annotations.NullMarked;
