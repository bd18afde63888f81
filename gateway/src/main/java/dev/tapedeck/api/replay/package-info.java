/**
 * A recording as a mock upstream: answers requests as they were answered once, with the pace of the
 * original or at once.
 *
 * <p>A part of the room {@code api}; may use what that may.
 */
@NullMarked
package dev.tapedeck.api.replay;

import org.jspecify.annotations.NullMarked;
