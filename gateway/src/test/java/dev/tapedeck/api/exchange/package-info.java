@NullMarked
package dev.tapedeck.api.exchange;

import org.jspecify.annotations.NullMarked;
