/**
 * Follows the files of recordings while a gateway, mostly in another process, writes them: so
 * whoever looks on can neither slow nor stop a session.
 */
@NullMarked
package dev.tapedeck.cli.follow;

import org.jspecify.annotations.NullMarked;
