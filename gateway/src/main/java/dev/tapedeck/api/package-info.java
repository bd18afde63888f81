/**
 * The API gateway: takes requests for model APIs, passes them to their upstreams and back byte for
 * byte, and pushes what passed, redacted, into the session that the client belongs to.
 *
 * <p>May use {@code event}, {@code session}, {@code auth} and formats. Event loops only copy and
 * hand on: what is recorded leaves them through a {@link dev.tapedeck.api.Feed}.
 */
@NullMarked
package dev.tapedeck.api;

import org.jspecify.annotations.NullMarked;
