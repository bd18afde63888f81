/**
 * Tests of streams and messages of LLM APIs: wire text in, message out; seeded streams; and the
 * official SDKs' own accumulators as a second opinion.
 */
@NullMarked
package dev.tapedeck.formats.llm;

import org.jspecify.annotations.NullMarked;
