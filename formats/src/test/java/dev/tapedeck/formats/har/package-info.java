@NullMarked
package dev.tapedeck.formats.har;

import org.jspecify.annotations.NullMarked;
