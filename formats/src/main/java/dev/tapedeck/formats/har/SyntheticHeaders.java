package dev.tapedeck.formats.har;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The header fields of an exchange as if it had asked for no stream. */
final class SyntheticHeaders {

  private static final Set<String> OF_THE_STREAM =
      Set.of("content-encoding", "transfer-encoding", "content-length");

  private SyntheticHeaders() {}

  static List<HarField> request(List<HarField> headers, long bytes) {
    return headers.stream()
        .map(header ->
            header.name().equalsIgnoreCase("content-length")
                ? new HarField(header.name(), Long.toString(bytes))
                : header)
        .toList();
  }

  static List<HarField> response(List<HarField> headers, long bytes) {
    List<HarField> synthetic = new ArrayList<>();
    for (HarField header : headers) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (name.equals("content-type")) {
        synthetic.add(new HarField(header.name(), "application/json"));
      } else if (!OF_THE_STREAM.contains(name)) {
        synthetic.add(header);
      }
    }
    synthetic.add(new HarField("content-length", Long.toString(bytes)));
    return synthetic;
  }
}
