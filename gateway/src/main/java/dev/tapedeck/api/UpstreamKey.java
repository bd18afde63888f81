package dev.tapedeck.api;

import java.io.IOException;

/**
 * Where an upstream's key comes from, so that programs in sandboxes need none.
 *
 * <p>Asked for each request: it keeps what it found for as long as that holds. It may block, and is
 * not called on an event loop.
 */
@FunctionalInterface
public interface UpstreamKey {

  /** What agents find where they look for a key: most begin only if there is something. */
  String PLACEHOLDER = "added-by-tapedeck";

  /**
   * The key.
   *
   * @throws IOException with a sentence that names the source and never the key
   */
  String get() throws IOException;
}
