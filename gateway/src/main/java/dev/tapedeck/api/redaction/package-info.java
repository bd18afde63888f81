/**
 * Takes secrets out of what passed, once, before disk, database and screen: credentials in headers,
 * cookies, addresses and token endpoints' bodies, and wherever else the same bytes come up again.
 *
 * <p>A secret's place is taken by {@code REDACTED-sha256-} and 12 hexadecimal digits, so that it
 * can be seen whether two are the same. What is sent on is not touched.
 */
@NullMarked
package dev.tapedeck.api.redaction;

import org.jspecify.annotations.NullMarked;
