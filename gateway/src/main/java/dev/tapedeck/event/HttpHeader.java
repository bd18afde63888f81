package dev.tapedeck.event;

/** One header field as it stood on the wire: name and value with their case. */
public record HttpHeader(String name, String value) {

  /** Whether the field has this name; case does not matter (RFC 9110, section 5.1). */
  public boolean is(String other) {
    return name.equalsIgnoreCase(other);
  }
}
