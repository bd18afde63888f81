package dev.tapedeck.api.exchange;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeOrdersTest {

  private static final int PLAYS = 10_000;
  private static final int EVENTS = 40;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void inEveryOrderOfEventsTheInvariantsHold(boolean strict) {
    for (int seed = 0; seed < PLAYS; seed++) {
      Random random = new Random(seed);
      try {
        new ExchangePlay(strict, random::nextInt).run(random.nextInt(EVENTS));
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }
}
