package dev.tapedeck.sandbox;

import dev.tapedeck.event.TerminalSize;
import java.util.Map;

/**
 * The terminal that a client asked for.
 *
 * @param type what {@code TERM} says: {@code xterm-256color}
 * @param modes terminal modes by their opcode (RFC 4254, section 8)
 */
public record TerminalSpec(String type, TerminalSize size, Map<Integer, Integer> modes) {

  public TerminalSpec {
    modes = Map.copyOf(modes);
  }

  /** The same terminal with another size. */
  public TerminalSpec withSize(TerminalSize other) {
    return new TerminalSpec(type, other, modes);
  }
}
