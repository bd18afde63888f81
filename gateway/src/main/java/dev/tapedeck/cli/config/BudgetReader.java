package dev.tapedeck.cli.config;

import dev.tapedeck.api.Budgets;
import dev.tapedeck.api.Budgets.Allowance;
import dev.tapedeck.api.Budgets.Price;
import java.time.Duration;
import java.util.List;

/** Reads how much of the model APIs sessions and users may use. */
final class BudgetReader {

  private static final int MAX_NAME = 128;

  private BudgetReader() {}

  static Budgets read(Section api, Budgets defaults) {
    Section budget = api.section("budget");
    Allowance session = allowance(budget.section("session"));
    Allowance user = allowance(budget.section("user"));
    Duration period = budget.value("period", defaults.period(), Units::duration);
    budget.finish();
    List<Price> prices = api.sections("prices").stream().map(BudgetReader::price).toList();
    boolean money = session.spending() != null || user.spending() != null;
    if (money && prices.isEmpty()) {
      api.notes()
          .add(
              budget.where(),
              "api.budget: what is spent is not known without prices; add api.prices, or use tokens");
      return defaults;
    }
    return new Budgets(session, user, period, prices);
  }

  private static Allowance allowance(Section section) {
    Allowance allowance =
        new Allowance(
            section.optional("requests", null, BudgetReader::count),
            section.optional("tokens", null, BudgetReader::count),
            section.optional("spending", null, BudgetReader::money),
            section.optional("exchanges", null, ConfigReader.integer(1, 100_000)));
    section.finish();
    return allowance;
  }

  private static Price price(Section section) {
    String model = section.value("model", "*", BudgetReader::model);
    double input = section.value("input", 0.0, BudgetReader::money);
    Price price =
        new Price(
            model,
            input,
            section.value("output", 0.0, BudgetReader::money),
            section.value("cache_read", input, BudgetReader::money),
            section.value("cache_write", input, BudgetReader::money));
    section.finish();
    return price;
  }

  private static String model(String text) {
    if (text.isBlank() || text.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "must be a model's name, with * as a wildcard (got \"" + text + "\")");
    }
    return text;
  }

  private static Long count(String text) {
    if (!text.matches("[0-9]{1,15}") || Long.parseLong(text) == 0) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not allowed; allowed: a whole number from 1 on");
    }
    return Long.valueOf(text);
  }

  private static Double money(String text) {
    if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
      throw new IllegalArgumentException(
          "must be a sum such as 20 or 0.25, without a currency (got \"" + text + "\")");
    }
    return Double.valueOf(text);
  }
}
