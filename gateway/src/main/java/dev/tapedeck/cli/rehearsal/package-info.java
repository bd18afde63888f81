/**
 * What the launcher plays to a new build, so that the program starts and gets up to speed sooner.
 */
@NullMarked
package dev.tapedeck.cli.rehearsal;

import org.jspecify.annotations.NullMarked;
