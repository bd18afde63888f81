package dev.tapedeck.formats.cast;

import java.io.IOException;

/** Writes events that are text already, for export: one line each, in the order of time. */
public sealed interface CastWriter permits CastV2Writer, CastV3Writer {

  /** Writes one event; one that lies before the last is written as of the last one's time. */
  void write(CastEvent event) throws IOException;
}
