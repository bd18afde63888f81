/**
 * Terminals, pipes and child processes straight from the C library, through {@code
 * java.lang.foreign}.
 *
 * <p>The JDK's own {@link java.lang.Process} knows no terminals, and cannot tell a program that
 * exited with 143 from one that a signal ended. Linux on x86_64 and aarch64 with glibc 2.34 or
 * newer; the constants used here are the same on both. Whatever blocks in here must be called on a
 * platform thread: a foreign call pins a virtual one to its carrier.
 */
@NullMarked
package dev.tapedeck.sandbox.posix;

import org.jspecify.annotations.NullMarked;
