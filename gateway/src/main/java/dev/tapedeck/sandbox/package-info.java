/**
 * Where a session's programs run: engines that make sandboxes, and the pool that keeps some warm.
 *
 * <p>May use {@code event}. {@link dev.tapedeck.sandbox.Engine}, {@link
 * dev.tapedeck.sandbox.Sandbox} and {@link dev.tapedeck.sandbox.SandboxProcess} are what the rest
 * of the program sees of it.
 */
@NullMarked
package dev.tapedeck.sandbox;

import org.jspecify.annotations.NullMarked;
