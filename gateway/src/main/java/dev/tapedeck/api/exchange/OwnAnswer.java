package dev.tapedeck.api.exchange;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpHeader;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer that the gateway gives in an upstream's place.
 *
 * @param version of HTTP, as the client speaks it
 */
public record OwnAnswer(
    int status, String reason, String version, List<HttpHeader> headers, Bytes body) {

  public OwnAnswer {
    headers = List.copyOf(headers);
  }

  /** Whether one connection carries one exchange at a time, and can end with it. */
  boolean endsConnections() {
    return version.startsWith("HTTP/1");
  }

  /** The same, behind which the connection is closed. */
  OwnAnswer closing() {
    List<HttpHeader> fields = new ArrayList<>(headers);
    fields.add(new HttpHeader("connection", "close"));
    return new OwnAnswer(status, reason, version, fields, body);
  }
}
