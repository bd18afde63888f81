/** What the catalog's index of words takes. */
@NullMarked
package dev.tapedeck.bench.search;

import org.jspecify.annotations.NullMarked;
