/**
 * Traffic of LLM APIs: the message that a stream stands for, and what a request and its answer say.
 *
 * <p>Begin at {@link dev.tapedeck.formats.llm.MessageStream}, which takes a stream's bytes and
 * gives the message; {@link dev.tapedeck.formats.llm.LlmCall} for model and tokens of a call;
 * {@link dev.tapedeck.formats.llm.Conversation} for what was said.
 *
 * <p>Does no I/O, needs jackson-core and nothing else, and throws for nothing that an API sends.
 */
@NullMarked
package dev.tapedeck.formats.llm;

import org.jspecify.annotations.NullMarked;
