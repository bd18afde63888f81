package dev.tapedeck.ssh.files;

import org.jspecify.annotations.Nullable;

/**
 * What one side of SCP says of what the other has sent: a zero byte, or 1 (go on) or 2 (give up)
 * with a message and a line feed. Any other byte begins a message too, of a program that is not scp
 * or a shell that says hello, and ends the transfer.
 *
 * @param error null if all is well
 * @param last whether nothing follows
 */
record ScpAnswer(@Nullable String error, boolean last) {

  static final ScpAnswer FINE = new ScpAnswer(null, false);

  /** The answer that a line is, without its line feed; the line has at least one byte. */
  static ScpAnswer of(byte[] line) {
    int kind = line[0];
    int from = kind == 1 || kind == 2 ? 1 : 0;
    return new ScpAnswer(WireText.of(line, from, line.length - from).strip(), kind != 1);
  }
}
