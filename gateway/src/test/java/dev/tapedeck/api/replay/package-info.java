@NullMarked
package dev.tapedeck.api.replay;

import org.jspecify.annotations.NullMarked;
