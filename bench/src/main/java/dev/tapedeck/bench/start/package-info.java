/** How long the program takes to be there. */
@NullMarked
package dev.tapedeck.bench.start;

import org.jspecify.annotations.NullMarked;
