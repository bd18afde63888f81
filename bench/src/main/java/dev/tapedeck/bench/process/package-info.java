/** What all measurements of whole processes need. May use nothing else of the benchmarks. */
@NullMarked
package dev.tapedeck.bench.process;

import org.jspecify.annotations.NullMarked;
