/**
 * What happens on a session's tracks: the sealed events of both gateways, the frames that carry
 * them, and ids.
 *
 * <p>This room knows no other.
 */
@NullMarked
package dev.tapedeck.event;

import org.jspecify.annotations.NullMarked;
