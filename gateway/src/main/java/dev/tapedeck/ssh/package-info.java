/**
 * The SSH gateway: lets clients in, gives each connection a session and a sandbox, and carries
 * bytes between the two.
 *
 * <p>May use {@code event}, {@code session}, {@code auth}, {@code sandbox} and {@code pump}. It
 * opens with {@link dev.tapedeck.ssh.SshGateway}; {@link dev.tapedeck.ssh.Connection} is one
 * client, {@link dev.tapedeck.ssh.Program} one channel of it.
 *
 * <pre>
 *   client --channel data--> Program.data --queue--> input Pump  --record, write--> sandbox
 *   client <--channel data-- output Pump, error Pump <--read, record-- sandbox
 * </pre>
 */
@NullMarked
package dev.tapedeck.ssh;

import org.jspecify.annotations.NullMarked;
