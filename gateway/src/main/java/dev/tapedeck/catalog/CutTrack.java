package dev.tapedeck.catalog;

import dev.tapedeck.event.SessionId;

/**
 * A track of whose output only the beginning is indexed.
 *
 * @param bytes how much of it
 */
public record CutTrack(SessionId session, String track, long bytes) {}
