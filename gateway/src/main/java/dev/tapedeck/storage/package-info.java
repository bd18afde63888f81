/**
 * The files of sessions: where they lie, and how they are opened, appended to, sealed, repaired
 * after a crash and expired.
 *
 * <p>May use {@code event}. What is in the files is not known here: who writes casts or {@code
 * session.json} brings the bytes, and who repairs them brings the knowledge of where a whole file
 * ends.
 */
@NullMarked
package dev.tapedeck.storage;

import org.jspecify.annotations.NullMarked;
