package dev.tapedeck.formats.llm;

/** How a stream ended. */
public enum StreamEnd {
  /** The protocol's own end came; from the transport: the body ended as HTTP wants it. */
  COMPLETE("complete"),
  /** The API sent an error inside the stream. */
  ERROR("error"),
  /** The upstream ended the body before the protocol's end. */
  UPSTREAM_EOF("upstream_eof"),
  /** The upstream's connection broke. */
  UPSTREAM_RESET("upstream_reset"),
  /** The client went away. */
  CLIENT_ABORT("client_abort"),
  /** A time limit of the gateway's. */
  TIMEOUT("timeout");

  private final String label;

  StreamEnd(String label) {
    this.label = label;
  }

  /** As recordings and tables write it. */
  public String label() {
    return label;
  }
}
