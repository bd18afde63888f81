package dev.tapedeck.api.exchange;

import dev.tapedeck.event.HttpEvent.End;
import org.jspecify.annotations.Nullable;

/**
 * Why an exchange goes no further.
 *
 * @param end how it ends with that
 * @param words what is recorded of it, or null where nothing went wrong
 * @param answer what the client is told, if it has no answer yet
 */
public record Failure(End end, @Nullable String words, OwnAnswer answer) {}
