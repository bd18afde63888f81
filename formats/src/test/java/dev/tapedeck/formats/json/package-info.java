@NullMarked
package dev.tapedeck.formats.json;

import org.jspecify.annotations.NullMarked;
