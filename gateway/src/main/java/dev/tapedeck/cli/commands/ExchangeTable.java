package dev.tapedeck.cli.commands;

import dev.tapedeck.catalog.ExchangeRecord;
import dev.tapedeck.cli.config.Units;
import dev.tapedeck.formats.llm.Usage;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Exchanges as {@code show} prints them. */
final class ExchangeTable {

  private ExchangeTable() {}

  static void print(List<ExchangeRecord> exchanges, Console console) {
    Table table =
        new Table(
            ">TIME",
            "METHOD",
            "PATH",
            "STATUS",
            "MODEL",
            ">IN",
            ">CACHED",
            ">OUT",
            ">DURATION",
            ">TTFT",
            "END");
    for (ExchangeRecord exchange : exchanges) {
      Usage usage = exchange.usage();
      table.row(
          millis(exchange.startedMillis()),
          exchange.method(),
          path(exchange.url()),
          status(exchange),
          Objects.requireNonNullElse(exchange.model(), "-"),
          count(usage == null ? null : usage.totalInput()),
          count(usage == null ? null : usage.cacheRead()),
          count(usage == null ? null : usage.output()),
          millis(exchange.durationMillis()),
          millis(exchange.ttftMillis()),
          exchange.end());
    }
    table.print(console);
    console.folded(summary(exchanges), 2);
  }

  private static String millis(@Nullable Long millis) {
    return millis == null ? "-" : Units.show(Duration.ofMillis(millis));
  }

  private static String count(@Nullable Long count) {
    return count == null ? "-" : count.toString();
  }

  /** An error within a stream came behind a status that said that all is well. */
  private static String status(ExchangeRecord exchange) {
    Integer logical = exchange.logicalStatus();
    String status = exchange.status() == 0 ? "-" : Integer.toString(exchange.status());
    return logical == null ? status : status + " (" + logical + ")";
  }

  private static String path(String url) {
    try {
      return Objects.requireNonNullElse(URI.create(url).getRawPath(), url);
    } catch (IllegalArgumentException e) {
      return url; // as it was asked for; servers take more than RFC 3986 does
    }
  }

  /** How many exchanges, and all their tokens. */
  static String summary(List<ExchangeRecord> exchanges) {
    return String.format(
        Locale.ROOT,
        "%,d exchange%s; tokens: %,d in (%,d from a cache, %,d into one), %,d out",
        exchanges.size(),
        exchanges.size() == 1 ? "" : "s",
        sum(exchanges, Usage::totalInput),
        sum(exchanges, Usage::cacheRead),
        sum(exchanges, Usage::cacheWrite),
        sum(exchanges, Usage::output));
  }

  private static long sum(List<ExchangeRecord> exchanges, Function<Usage, @Nullable Long> kind) {
    long sum = 0;
    for (ExchangeRecord exchange : exchanges) {
      Usage usage = exchange.usage();
      Long count = usage == null ? null : kind.apply(usage);
      sum += count == null ? 0 : count;
    }
    return sum;
  }

  /** Under the names that DESIGN.md promises to scripts. */
  static void json(List<ExchangeRecord> exchanges, ArrayNode array) {
    for (ExchangeRecord exchange : exchanges) {
      ObjectNode node = array.addObject();
      node.put("method", exchange.method());
      node.put("url", exchange.url());
      node.put("status", exchange.status());
      node.put("model", exchange.model());
      usage(exchange.usage(), node);
      node.put("duration_ms", exchange.durationMillis());
      node.put("ttft_ms", exchange.ttftMillis());
      node.put("end", exchange.end());
      node.put("track", exchange.track());
      node.put("number", exchange.number());
      node.put("started_ms", exchange.startedMillis());
      node.put("protocol", exchange.protocol());
      node.put("stop_reason", exchange.stopReason());
      node.put("logical_status", exchange.logicalStatus());
    }
  }

  private static void usage(@Nullable Usage usage, ObjectNode node) {
    if (usage == null) {
      node.putNull("usage");
      return;
    }
    ObjectNode counts = node.putObject("usage");
    counts.put("input", usage.input());
    counts.put("output", usage.output());
    counts.put("cache_read", usage.cacheRead());
    counts.put("cache_write", usage.cacheWrite());
  }
}
