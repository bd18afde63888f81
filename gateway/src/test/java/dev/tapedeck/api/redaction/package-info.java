@NullMarked
package dev.tapedeck.api.redaction;

import org.jspecify.annotations.NullMarked;
