/**
 * The command {@code run}: a program on the caller's own terminal, with everything that passes
 * between the two on record.
 *
 * <p>Part of {@code cli}. {@link dev.tapedeck.cli.run.Foreground} is the whole of it; the rooms are
 * put together in {@code RunWiring}.
 */
@NullMarked
package dev.tapedeck.cli.run;

import org.jspecify.annotations.NullMarked;
