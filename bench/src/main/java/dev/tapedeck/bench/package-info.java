/** Benchmarks: JMH for the codecs, whole processes for the gateway. */
@NullMarked
package dev.tapedeck.bench;

import org.jspecify.annotations.NullMarked;
