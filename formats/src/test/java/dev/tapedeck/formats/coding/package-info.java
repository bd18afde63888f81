/** Tests of the content codings. */
@NullMarked
package dev.tapedeck.formats.coding;

import org.jspecify.annotations.NullMarked;
