/** Real clients against whole gateways with real sandboxes. */
@NullMarked
package dev.tapedeck.clients;

import org.jspecify.annotations.NullMarked;
