/**
 * Part of the SSH gateway: what passes in a file transfer, read as operations on files.
 *
 * <p>Nothing here does I/O: a {@link dev.tapedeck.ssh.files.Conversation} takes the bytes of both
 * directions in whatever pieces they come and gives back the operations that they complete. It may
 * use {@code event} and nothing else.
 */
@NullMarked
package dev.tapedeck.ssh.files;

import org.jspecify.annotations.NullMarked;
