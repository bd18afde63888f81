package dev.tapedeck.api.exchange;

/** A fuzzer's bytes are the choices of a play: the invariants are {@link ExchangePlay}'s. */
final class ExchangeFuzz {

  private static final int MAX_EVENTS = 200;

  private ExchangeFuzz() {}

  public static void fuzzerTestOneInput(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    int[] at = {1};
    new ExchangePlay(
            bytes[0] % 2 == 0,
            bound -> at[0] < bytes.length ? Byte.toUnsignedInt(bytes[at[0]++]) % bound : bound - 1)
        .run(Math.min(bytes.length, MAX_EVENTS));
  }
}
