package dev.tapedeck.sandbox.docker;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of a reply.
 *
 * @param status from 100 to 599
 * @param headers values by lower-case name, the last one where a name came twice
 */
record HttpHead(int status, Map<String, String> headers) {

  HttpHead {
    headers = Map.copyOf(headers);
  }

  @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  boolean ok() {
    return status >= 200 && status < 300;
  }

  /** Whether the body comes in chunks (RFC 9112, section 7.1). */
  boolean chunked() {
    String coding = header("transfer-encoding");
    return coding != null
        && List.of(coding.toLowerCase(Locale.ROOT).split("\\s*,\\s*")).getLast().equals("chunked");
  }

  /** Whether there is no body whatever the headers say (RFC 9112, section 6.3). */
  boolean bodiless() {
    return status < 200 || status == 204 || status == 304;
  }
}
