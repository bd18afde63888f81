/**
 * The outside of the program: {@link dev.tapedeck.cli.Main} first, then the commands, the
 * configuration and the wiring.
 *
 * <p>May use all rooms; no room uses this one.
 */
@NullMarked
package dev.tapedeck.cli;

import org.jspecify.annotations.NullMarked;
