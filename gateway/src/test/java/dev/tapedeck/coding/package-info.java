/** Tests of the content codings. */
@NullMarked
package dev.tapedeck.coding;

import org.jspecify.annotations.NullMarked;
