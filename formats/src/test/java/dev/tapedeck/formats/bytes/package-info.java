@NullMarked
package dev.tapedeck.formats.bytes;

import org.jspecify.annotations.NullMarked;
