/**
 * Carries the bytes of programs: records them, then passes them on, whoever is at the other end.
 *
 * <p>May use {@code event}, {@code session} and {@code sandbox}. Both the SSH gateway and the
 * command {@code run} carry bytes this way; neither knows the other.
 */
@NullMarked
package dev.tapedeck.pump;

import org.jspecify.annotations.NullMarked;
