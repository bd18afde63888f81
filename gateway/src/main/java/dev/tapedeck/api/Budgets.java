package dev.tapedeck.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How much of the model APIs sessions and users may use.
 *
 * @param session what one session may, from its begin to its end
 * @param user what all sessions of one user may together in a period
 * @param period how long that is; it begins with a user's first request
 * @param prices of models, for budgets of money; the first that fits counts
 */
public record Budgets(Allowance session, Allowance user, Duration period, List<Price> prices) {

  public static final Duration DEFAULT_PERIOD = Duration.ofDays(1);

  /** Everybody may use as much as they like. */
  public static final Budgets NONE =
      new Budgets(Allowance.ANY, Allowance.ANY, DEFAULT_PERIOD, List.of());

  public Budgets {
    prices = List.copyOf(prices);
    if (!period.isPositive()) {
      throw new IllegalArgumentException("period must be more than 0 (got " + period + ")");
    }
    if (prices.isEmpty() && (session.spending() != null || user.spending() != null)) {
      throw new IllegalArgumentException("a budget of money needs the prices of models");
    }
  }

  /**
   * A budget; null is no limit.
   *
   * @param requests how many
   * @param tokens of prompts and answers together, as the APIs count them
   * @param spending in the currency of the prices
   * @param exchanges how many requests may be under way at once
   */
  public record Allowance(
      @Nullable Long requests,
      @Nullable Long tokens,
      @Nullable Double spending,
      @Nullable Integer exchanges) {

    /** No limits. */
    public static final Allowance ANY = new Allowance(null, null, null, null);

    private boolean countsTokens() {
      return tokens != null || spending != null;
    }
  }

  /**
   * What a model costs: each number is for a million tokens.
   *
   * @param model its name, in which {@code *} stands for anything
   * @param cacheRead what of a prompt came from a cache
   * @param cacheWrite what of a prompt was put into one
   */
  public record Price(
      String model, double input, double output, double cacheRead, double cacheWrite) {

    private static final double MILLION = 1_000_000;

    boolean isOf(String name) {
      String pattern =
          Stream.of(model.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
      return name.matches(pattern);
    }

    double of(Tokens tokens) {
      return (tokens.input() * input
              + tokens.output() * output
              + tokens.cacheRead() * cacheRead
              + tokens.cacheWrite() * cacheWrite)
          / MILLION;
    }
  }

  /**
   * What an exchange used.
   *
   * @param input of the prompt, without the next two
   */
  public record Tokens(long input, long output, long cacheRead, long cacheWrite) {

    long all() {
      return input + output + cacheRead + cacheWrite;
    }
  }

  /** Whether it matters what answers say that they used. */
  public boolean countsTokens() {
    return session.countsTokens() || user.countsTokens();
  }

  Optional<Price> price(String model) {
    return prices.stream().filter(price -> price.isOf(model)).findFirst();
  }
}
