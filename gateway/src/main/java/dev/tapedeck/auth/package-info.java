/**
 * Who may enter: users with passwords and keys, and the rules of a honeypot.
 *
 * <p>May use {@code event}. A decision is a value; what it means on the wire is the gateways'
 * business.
 */
@NullMarked
package dev.tapedeck.auth;

import org.jspecify.annotations.NullMarked;
