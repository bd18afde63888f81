/**
 * HTTP Archives (HAR 1.2): entries with two views, live files that are valid after every write, the
 * repair of one that a crash cut short, and a reader.
 *
 * <p>The view that everybody sees is synthetic where an answer was streamed by a model API: the
 * request as if it had asked for no stream, the response as the whole message. What really was on
 * the wire is in the entry's {@code _wire}, and {@link dev.tapedeck.formats.har.HarWire} makes an
 * entry of it again.
 *
 * <h2>Own members of an entry</h2>
 *
 * <pre>
 *   _exchange   its number within the recording
 *   _upstream   the name under which its upstream was configured
 *   _end        complete | error | upstream_eof | upstream_reset | client_abort | timeout
 *   _error      what went wrong, in a sentence
 *   _protocol   which model API it spoke: anthropic-messages, openai-chat, ...
 *   _model, _usage, _stop_reason, _ttft (milliseconds to the first token)
 *   _status     the status that an error within a stream stands for
 *   _wire       {request: {...}, response: {...}}, each:
 *                 headers    as they were, where the view has others
 *                 bytes      the body's size on the wire
 *                 sha256     of those bytes, where all of them were kept
 *                 missing    how many were not kept, and missing_reason
 *                 redacted   true: a secret was taken out of the body, which is kept decoded
 *                 body       the bytes where the view has others: {encoding, data}, encoding being
 *                            base64 or zstd+base64
 *                 stream     (request) where false stands in the view's text for true
 *                 trailers   fields behind the body
 *                 resent     (request) true: sent once more, on a new connection, since the kept
 *                            one turned out to be closed
 *                 interim    (response) interim answers: [{status, headers}]
 *                 chunks     [microseconds, bytes, microseconds, bytes, ...] since the request began
 * </pre>
 */
@NullMarked
package dev.tapedeck.formats.har;

import org.jspecify.annotations.NullMarked;
