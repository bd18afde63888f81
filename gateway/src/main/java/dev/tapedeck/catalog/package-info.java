/**
 * The index of sessions: a database that answers quickly what {@code ls}, {@code show} and the
 * screens ask, and that can be made anew from the recordings at any time.
 *
 * <p>May use {@code event}, {@code session} and the formats. A gateway goes on without it: {@link
 * dev.tapedeck.catalog.Catalog#open} says in one sentence what is wrong, and who records sessions
 * then simply has nowhere to put them; {@code reindex} makes up for it.
 */
@NullMarked
package dev.tapedeck.catalog;

import org.jspecify.annotations.NullMarked;
