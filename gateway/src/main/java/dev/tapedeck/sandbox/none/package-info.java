/** The engine that isolates nothing, for those who ask for it by name. */
@NullMarked
package dev.tapedeck.sandbox.none;

import org.jspecify.annotations.NullMarked;
