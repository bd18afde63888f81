package dev.tapedeck.formats.coding;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A content coding that can be decoded, from the registry of RFC 9110, section 16.6.1. */
public enum Coding {
  GZIP("gzip"),
  /** The zlib format (RFC 1950); raw deflate data (RFC 1951), which some servers send, too. */
  DEFLATE("deflate"),
  BROTLI("br"),
  ZSTD("zstd");

  /** How many codings one body may have, one around the other. */
  public static final int MAX_CODINGS = 4;

  private final String token;

  Coding(String token) {
    this.token = token;
  }

  /** As {@code Content-Encoding} has it. */
  public String token() {
    return token;
  }

  /** What a {@code Content-Encoding} asks for. */
  public sealed interface Listed {

    /** The codings in the order in which they were applied; empty for a body as it is. */
    record Known(List<Coding> codings) implements Listed {
      public Known {
        codings = List.copyOf(codings);
      }
    }

    /** One of the codings is not known, or there are too many. */
    record Unknown(String reason) implements Listed {}
  }

  /**
   * Reads the value of a {@code Content-Encoding} field; several fields are one, joined by commas.
   *
   * @param contentEncoding such as {@code "gzip"}, {@code "gzip, br"} or {@code ""}
   */
  public static Listed listed(String contentEncoding) {
    List<Coding> codings = new ArrayList<>();
    for (String each : contentEncoding.split(",", -1)) {
      String token = each.strip().toLowerCase(Locale.ROOT);
      switch (token) {
        case "", "identity" -> {}
        case "gzip", "x-gzip" -> codings.add(GZIP);
        case "deflate" -> codings.add(DEFLATE);
        case "br" -> codings.add(BROTLI);
        case "zstd" -> codings.add(ZSTD);
        default -> {
          return new Listed.Unknown("the content coding \"" + token + "\" is not known here");
        }
      }
    }
    return codings.size() > MAX_CODINGS
        ? new Listed.Unknown(
            codings.size() + " content codings on one body; at most " + MAX_CODINGS + " are undone")
        : new Listed.Known(codings);
  }
}
