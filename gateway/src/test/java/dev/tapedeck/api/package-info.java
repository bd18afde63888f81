@NullMarked
package dev.tapedeck.api;

import org.jspecify.annotations.NullMarked;
