/**
 * The SSH library's sockets, in our own way: one thread for each connection reads, and whoever has
 * something to say to the client writes it there and then.
 *
 * <p>May use the library and nothing else of this program. Why it is not the library's own: {@code
 * docs/decisions/0012}.
 */
@NullMarked
package dev.tapedeck.ssh.socket;

import org.jspecify.annotations.NullMarked;
