package dev.tapedeck.sandbox.posix;

import java.util.Map;
import java.util.stream.Collectors;

/** The signals that SSH knows by name (RFC 4254, section 6.10), and some more that Linux has. */
public final class Signals {

  public static final int HUP = 1;
  public static final int INT = 2;
  public static final int KILL = 9;
  public static final int TSTP = 20;

  private static final Map<String, Integer> NUMBERS =
      Map.ofEntries(
          Map.entry("HUP", HUP),
          Map.entry("INT", INT),
          Map.entry("QUIT", 3),
          Map.entry("ILL", 4),
          Map.entry("TRAP", 5),
          Map.entry("ABRT", 6),
          Map.entry("BUS", 7),
          Map.entry("FPE", 8),
          Map.entry("KILL", KILL),
          Map.entry("USR1", 10),
          Map.entry("SEGV", 11),
          Map.entry("USR2", 12),
          Map.entry("PIPE", 13),
          Map.entry("ALRM", 14),
          Map.entry("TERM", 15),
          Map.entry("CONT", 18),
          Map.entry("STOP", 19),
          Map.entry("TSTP", TSTP),
          Map.entry("TTIN", 21),
          Map.entry("TTOU", 22),
          Map.entry("XCPU", 24),
          Map.entry("XFSZ", 25),
          Map.entry("WINCH", 28),
          Map.entry("SYS", 31));

  private static final Map<Integer, String> NAMES =
      NUMBERS.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

  private Signals() {}

  /** The signal's number, or 0 if there is none of that name. */
  public static int number(String name) {
    return NUMBERS.getOrDefault(name, 0);
  }

  /** The signal's name without prefix, or its number where it has none. */
  public static String name(int number) {
    return NAMES.getOrDefault(number, Integer.toString(number));
  }
}
