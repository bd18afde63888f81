package dev.tapedeck.auth;

import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.sshd.common.config.keys.KeyUtils;

/**
 * Decides who comes in. Safe for use by many threads.
 *
 * <p>A name that does not exist takes as long as a wrong password, whatever its hash costs, so that
 * names cannot be told apart by time.
 */
public final class Gatekeeper {

  /**
   * How many addresses a honeypot keeps count of; past that the one that has been quiet longest
   * starts anew.
   */
  static final int MAX_SOURCES = 10_000;

  /**
   * What the password of a name that does not exist is compared with, for the time that it takes.
   * It lets nobody in, so it may be the same everywhere; making one at each start took a tenth of
   * it.
   */
  static final String NOBODYS_HASH = "$2b$10$bEDuXUPjW0q4GE3tWk7icOu.4gzQHr19EDM78pbGfUjiR1tKHOi0i";

  private final Map<String, Account> accounts;
  private final int acceptAllAfterFailures;

  /** The highest cost of a hash. */
  private final int dearest;

  private final Map<String, Integer> failures =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > MAX_SOURCES;
        }
      };

  /**
   * Knows these users.
   *
   * @param acceptAllAfterFailures after how many wrong passwords from one address any password is
   *     right; 0 for never
   * @throws IllegalArgumentException if a name occurs twice or the number is negative
   */
  public Gatekeeper(List<Account> accounts, int acceptAllAfterFailures) {
    if (acceptAllAfterFailures < 0) {
      throw new IllegalArgumentException(
          "accept_all_after_failures is 0 (never) or more, not " + acceptAllAfterFailures);
    }
    this.accounts = accounts.stream().collect(Collectors.toMap(Account::name, Function.identity()));
    this.acceptAllAfterFailures = acceptAllAfterFailures;
    this.dearest =
        accounts.stream()
            .map(Account::passwordHash)
            .filter(Objects::nonNull)
            .mapToInt(Password::cost)
            .reduce(Password.cost(NOBODYS_HASH), Math::max);
  }

  /**
   * Decides on a password. Takes some 60 ms of computing, or more where a hash has a higher cost.
   *
   * @param address the client's, without its port: what a honeypot counts by
   */
  public Decision password(String user, String password, String address) {
    Account account = accounts.get(user);
    String hash =
        account == null || account.passwordHash() == null ? NOBODYS_HASH : account.passwordHash();
    boolean matches = Password.matches(password, hash);
    if (matches && account != null && account.passwordHash() != null) {
      return new Decision.Accepted();
    }
    spend(password, Password.cost(hash));
    return countFailure(address) && Account.isName(user)
        ? new Decision.Honeypot()
        : new Decision.Refused();
  }

  /**
   * Spends what is missing to the time that the dearest password takes: one round of each cost from
   * this one's to below that one's, which together cost as much as one of it less this one.
   */
  private void spend(String password, int cost) {
    for (int each = cost; each < dearest; each++) {
      Password.matches(password, Password.atCost(NOBODYS_HASH, each));
    }
  }

  /** Decides on a key, before or after its signature was checked. */
  public Decision publicKey(String user, PublicKey key) {
    Account account = accounts.get(user);
    boolean known =
        account != null && account.keys().stream().anyMatch(k -> KeyUtils.compareKeys(k, key));
    return known ? new Decision.Accepted() : new Decision.Refused();
  }

  /** Whether this address had failed often enough before. */
  private boolean countFailure(String address) {
    if (acceptAllAfterFailures == 0) {
      return false;
    }
    synchronized (failures) {
      return failures.merge(address, 1, Integer::sum) > acceptAllAfterFailures;
    }
  }
}
