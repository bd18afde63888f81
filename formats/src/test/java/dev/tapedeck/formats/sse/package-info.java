/** Tests of the reader of server-sent events: wire text in, events out. */
@NullMarked
package dev.tapedeck.formats.sse;

import org.jspecify.annotations.NullMarked;
