/**
 * JSON as a tree that keeps what it does not know: members in their order, numbers as they were
 * written.
 *
 * <p>Needs jackson-core and nothing else.
 */
@NullMarked
package dev.tapedeck.formats.json;

import org.jspecify.annotations.NullMarked;
