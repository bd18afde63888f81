/**
 * Carries connections from inside of a sandbox, which has no network, to one service of the
 * gateway: a listener in the sandbox's network namespace, whose connections are continued outside.
 *
 * <p>Knows network namespaces and nothing of engines. {@link
 * dev.tapedeck.sandbox.reach.ForwarderMain} runs in a process of its own, with nothing but the JDK
 * and the classes of this package and of {@code posix}: it logs nothing.
 */
@NullMarked
package dev.tapedeck.sandbox.reach;

import org.jspecify.annotations.NullMarked;
