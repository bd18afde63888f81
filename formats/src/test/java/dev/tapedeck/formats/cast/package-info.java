/** Tests of the asciicast codec. */
@NullMarked
package dev.tapedeck.formats.cast;

import org.jspecify.annotations.NullMarked;
