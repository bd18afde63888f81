@NullMarked
package dev.tapedeck.session;

import org.jspecify.annotations.NullMarked;
