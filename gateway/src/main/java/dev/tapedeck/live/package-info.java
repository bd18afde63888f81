/**
 * What screens show of running sessions: models that take what was recorded, piece by piece as it
 * comes, and give what there is to see. They hold a bounded part of it and do no I/O.
 *
 * <p>May use {@code event}, {@code session} and formats.
 */
@NullMarked
package dev.tapedeck.live;

import org.jspecify.annotations.NullMarked;
