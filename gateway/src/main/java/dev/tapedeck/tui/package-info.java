/**
 * The terminal view of sessions: what {@code tapedeck watch} draws, and what its keys do. Nothing
 * recorded reaches the terminal but as text: control characters are shown as signs.
 *
 * <p>May use {@code live}, {@code catalog}, {@code event} and formats.
 */
@NullMarked
package dev.tapedeck.tui;

import org.jspecify.annotations.NullMarked;
