/**
 * Plays a terminal recording on a terminal: its pace, the keys that steer it, and the terminal's
 * state afterwards.
 */
@NullMarked
package dev.tapedeck.cli.play;

import org.jspecify.annotations.NullMarked;
