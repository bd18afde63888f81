/** What the formats' tests share. */
@NullMarked
package dev.tapedeck.formats;

import org.jspecify.annotations.NullMarked;
