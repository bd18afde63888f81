package dev.tapedeck.ssh.files;

import org.jspecify.annotations.Nullable;

/**
 * What SSH_FXP_STATUS says (draft-ietf-secsh-filexfer-02, section 7).
 *
 * @param message what the server says about it; may be empty
 */
record SftpStatus(int code, String message) {

  /** What is taken to have been said where nothing can be understood. */
  static final SftpStatus UNREADABLE = new SftpStatus(5, "the reply is unreadable");

  private static final int OK = 0;
  private static final int EOF = 1;

  /** Message and language came with version 3: older servers leave them out. */
  static SftpStatus take(PacketBuffer fields) throws UnreadableException {
    int code = fields.int32();
    String message = "";
    if (fields.remaining() > 0) {
      message = fields.text();
    }
    if (fields.remaining() > 0) {
      fields.skipString();
    }
    return new SftpStatus(code, message);
  }

  boolean ok() {
    return code == OK;
  }

  /** Nothing more to read, which is how every transfer from the server ends. */
  boolean endOfFile() {
    return code == EOF;
  }

  /** What went wrong; null if nothing did. */
  @Nullable String error() {
    if (ok()) {
      return null;
    }
    return message.isBlank() ? meaning() : message;
  }

  private String meaning() {
    return switch (code) {
      case EOF -> "end of file";
      case 2 -> "no such file";
      case 3 -> "permission denied";
      case 4 -> "failure";
      case 5 -> "bad message";
      case 6 -> "no connection";
      case 7 -> "connection lost";
      case 8 -> "operation unsupported";
      default -> "status " + Integer.toUnsignedString(code);
    };
  }
}
