/** Tests of the whole source tree: walls between the rooms, and tidiness. */
@NullMarked
package dev.tapedeck;

import org.jspecify.annotations.NullMarked;
