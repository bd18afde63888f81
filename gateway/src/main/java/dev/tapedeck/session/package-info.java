/**
 * A session and its tracks: stamps events into frames and hands them to recorders and viewers.
 *
 * <p>May use {@code event}. Gateways push events in here, recorders and viewers take frames out;
 * neither knows the other.
 */
@NullMarked
package dev.tapedeck.session;

import org.jspecify.annotations.NullMarked;
