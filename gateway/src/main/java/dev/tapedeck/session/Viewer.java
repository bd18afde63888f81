package dev.tapedeck.session;

import dev.tapedeck.event.Frame;

/**
 * Sees frames as they pass and may miss some: {@link #offer} never waits, and copies what it keeps.
 */
public interface Viewer {

  void offer(Frame frame);
}
