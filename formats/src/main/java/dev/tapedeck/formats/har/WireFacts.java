package dev.tapedeck.formats.har;

import dev.tapedeck.formats.coding.Compression;
import dev.tapedeck.formats.har.HarExchange.Answer;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** The members of {@code _wire}. */
final class WireFacts {

  /** Below this zstd gains nothing. */
  private static final int WORTH_COMPRESSING = 128;

  static final String BASE64 = "base64";
  static final String ZSTD = "zstd+base64";

  private WireFacts() {}

  static Obj request(HarExchange exchange, Body body, byte[] shown, boolean synthetic) {
    Obj facts = common(exchange.body());
    if (exchange.body().beside() != null) {
      return facts;
    }
    if (synthetic) {
      facts.put("headers", HarEntry.fields(exchange.headers()));
    }
    if (body.coded() || HarText.text(shown) == null) {
      facts.put("body", stored(body));
    } else if (shown.length != body.decoded().length) {
      facts.put("stream", changes(body.decoded(), shown));
    }
    trailers(facts, exchange.beside().requestTrailers());
    if (exchange.beside().resent()) {
      facts.put("resent", true);
    }
    return facts;
  }

  static Obj response(HarExchange exchange, Answer answer, Body body, boolean synthetic) {
    Obj facts = common(answer.body());
    if (answer.body().beside() != null) {
      return facts;
    }
    if (synthetic) {
      facts.put("headers", HarEntry.fields(answer.headers()));
    }
    if (synthetic || body.coded()) {
      facts.put("body", stored(body));
    }
    trailers(facts, exchange.beside().responseTrailers());
    if (!exchange.beside().interims().isEmpty()) {
      Arr interims = new Arr();
      for (HarExchange.Interim interim : exchange.beside().interims()) {
        interims.add(
            new Obj()
                .put("status", interim.status())
                .put("headers", HarEntry.fields(interim.headers())));
      }
      facts.put("interim", interims);
    }
    return facts;
  }

  private static void trailers(Obj facts, List<HarField> trailers) {
    if (!trailers.isEmpty()) {
      facts.put("trailers", HarEntry.fields(trailers));
    }
  }

  private static Obj common(HarBody body) {
    Obj facts = new Obj().put("bytes", body.bytes());
    HarBody.Beside beside = body.beside();
    String sha256 = beside != null ? beside.sha256() : body.whole() ? sha256(body.wire()) : null;
    if (sha256 != null) {
      facts.put("sha256", sha256);
    }
    if (body.missing() > 0) {
      facts.put("missing", body.missing());
      String reason = body.missingReason();
      facts.put("missing_reason", reason == null ? "not kept" : reason);
    }
    if (body.redacted()) {
      facts.put("redacted", true);
    }
    if (body.chunks().length > 0) {
      Arr chunks = new Arr();
      for (long number : body.chunks()) {
        chunks.add(Num.of(number));
      }
      facts.put("chunks", chunks);
    }
    if (beside != null) {
      facts.put("body", new Obj().put(HarFiles.FILE, beside.name()));
    }
    return facts;
  }

  /** The bytes as they came; decoded where a secret was in them. */
  private static Obj stored(Body body) {
    byte[] bytes = body.kept().redacted() ? body.decoded() : body.kept().wire();
    boolean compressed = body.coded() && !body.kept().redacted();
    if (!compressed && bytes.length >= WORTH_COMPRESSING) {
      return Compression.zstd(bytes)
          .map(smaller -> stored(ZSTD, smaller))
          .orElseGet(() -> stored(BASE64, bytes));
    }
    return stored(BASE64, bytes);
  }

  private static Obj stored(String encoding, byte[] bytes) {
    return new Obj()
        .put("encoding", encoding)
        .put("data", Base64.getEncoder().encodeToString(bytes));
  }

  /** Where {@code false} stands in {@code shown} for {@code true} in {@code sent}. */
  private static Arr changes(byte[] sent, byte[] shown) {
    Arr places = new Arr();
    int i = 0;
    int j = 0;
    while (i < sent.length && j < shown.length) {
      if (sent[i] == shown[j]) {
        i++;
        j++;
      } else {
        places.add(Num.of(j));
        i += "true".length();
        j += "false".length();
      }
    }
    return places;
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
