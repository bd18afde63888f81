/**
 * An SFTP server of our own, for machines without OpenSSH's: a program that runs inside a sandbox,
 * with the sandbox's rights, and speaks version 3 of the protocol (draft-ietf-secsh-filexfer-02) on
 * its standard input and output.
 *
 * <p>Uses the JDK alone and nothing else of the gateway, as only this package's classes are copied
 * to where a sandbox can read them.
 */
@NullMarked
package dev.tapedeck.sandbox.sftp;

import org.jspecify.annotations.NullMarked;
