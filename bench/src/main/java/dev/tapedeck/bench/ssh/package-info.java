/**
 * Whole processes: the gateway with sandboxes and recording against OpenSSH's sshd, with OpenSSH's
 * own client.
 */
@NullMarked
package dev.tapedeck.bench.ssh;

import org.jspecify.annotations.NullMarked;
