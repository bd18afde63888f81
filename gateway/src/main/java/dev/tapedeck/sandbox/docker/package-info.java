/**
 * The engine for Docker, and for Podman by its compatible socket: a container for each sandbox, its
 * programs by exec.
 *
 * <p>Speaks the Engine API itself (some fifteen endpoints over a Unix socket), because it must
 * choose the framing of a stream from what it asked for and hold its own terminals. Part of the
 * room {@code sandbox}; may use {@code event}.
 */
@NullMarked
package dev.tapedeck.sandbox.docker;

import org.jspecify.annotations.NullMarked;
