package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.sandbox.namespace.SystemCalls.Call;
import dev.tapedeck.sandbox.namespace.SystemCalls.Condition;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Assembles the kernel's filter program (seccomp(2), classic BPF) of a list of calls. It reads the
 * architecture, the number, and for a few calls the lower half of the first argument, which is all
 * that the kernel reads of those, too.
 *
 * <p>Calls that need no look at arguments cost nothing: the kernel tries them once when the filter
 * is installed, and keeps the answers.
 */
final class SeccompFilter {

  /** Instructions: load a word, return, and jumps over as many as the instruction says. */
  private static final int LOAD = 0x20;

  private static final int RETURN = 0x06;
  private static final int IF_EQUAL = 0x15;
  private static final int IF_GREATER = 0x25;
  private static final int IF_NOT_LESS = 0x35;
  private static final int IF_BITS = 0x45;

  /** Offsets in {@code struct seccomp_data}. */
  private static final int NUMBER = 0;

  private static final int ARCHITECTURE = 4;
  private static final int FIRST_ARGUMENT = 16;

  private static final int ALLOW = 0x7fff_0000;
  private static final int KILL_PROCESS = 0x8000_0000;
  private static final int ERROR = 0x0005_0000;
  private static final int REFUSE = ERROR | 1; // EPERM
  private static final int UNKNOWN = ERROR | 38; // ENOSYS

  /** All CLONE_NEW flags that clone(2) takes. */
  private static final int NEW_NAMESPACES = 0x7e02_0000;

  /** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: what programs speak without special rights. */
  private static final int[] COMMON_FAMILIES = {1, 2, 10, 16};

  /** PER_LINUX, PER_LINUX32, both with UNAME26, and the question which it is. */
  private static final int[] COMMON_PERSONALITIES = {0, 0x8, 0x2_0000, 0x2_0008, -1};

  private record Instruction(int code, int whenTrue, int whenFalse, int operand) {}

  private record Range(int first, int last) {}

  private final List<Instruction> program = new ArrayList<>();

  private SeccompFilter() {}

  /** The program as {@code struct sock_filter[]}. */
  static byte[] of(SystemCalls calls) {
    SeccompFilter filter = new SeccompFilter();
    filter.add(LOAD, 0, 0, ARCHITECTURE);
    filter.returnUnless(IF_EQUAL, calls.architecture(), KILL_PROCESS);
    filter.add(LOAD, 0, 0, NUMBER);
    // Here also end the calls of x32, whose numbers begin at 2^30.
    filter.returnIf(IF_GREATER, calls.last(), UNKNOWN);
    for (Call call : calls.calls()) {
      filter.conditional(call);
    }
    filter.ranges(calls);
    filter.add(RETURN, 0, 0, REFUSE);
    return filter.bytes();
  }

  private void conditional(Call call) {
    switch (call.condition()) {
      case ALWAYS, NEVER -> {
        // Told apart by ranges.
      }
      case ABSENT -> returnIf(IF_EQUAL, call.number(), UNKNOWN);
      case NO_NEW_NAMESPACES -> {
        skipUnless(call, 4);
        add(LOAD, 0, 0, FIRST_ARGUMENT);
        returnIf(IF_BITS, NEW_NAMESPACES, REFUSE);
        add(RETURN, 0, 0, ALLOW);
      }
      case COMMON_FAMILIES -> onlyWith(call, COMMON_FAMILIES);
      case LOCAL_FAMILY -> onlyWith(call, 1);
      case COMMON_PERSONALITIES -> onlyWith(call, COMMON_PERSONALITIES);
    }
  }

  private void onlyWith(Call call, int... arguments) {
    skipUnless(call, 2 + 2 * arguments.length);
    add(LOAD, 0, 0, FIRST_ARGUMENT);
    for (int argument : arguments) {
      returnIf(IF_EQUAL, argument, ALLOW);
    }
    add(RETURN, 0, 0, REFUSE);
  }

  /** In ascending order, so that a number below a range is in none. */
  private void ranges(SystemCalls calls) {
    for (Range range : allowed(calls)) {
      returnUnless(IF_NOT_LESS, range.first, REFUSE);
      returnUnless(IF_GREATER, range.last, ALLOW);
    }
  }

  private static List<Range> allowed(SystemCalls calls) {
    List<Range> ranges = new ArrayList<>();
    calls.calls().stream()
        .filter(call -> call.condition() == Condition.ALWAYS)
        .map(Call::number)
        .sorted(Comparator.naturalOrder())
        .forEach(number -> {
          boolean next = !ranges.isEmpty() && ranges.getLast().last == number - 1;
          int first = next ? ranges.removeLast().first : number;
          ranges.add(new Range(first, number));
        });
    return ranges;
  }

  private void skipUnless(Call call, int instructions) {
    add(IF_EQUAL, 0, instructions, call.number());
  }

  private void returnIf(int test, int operand, int value) {
    add(test, 0, 1, operand);
    add(RETURN, 0, 0, value);
  }

  private void returnUnless(int test, int operand, int value) {
    add(test, 1, 0, operand);
    add(RETURN, 0, 0, value);
  }

  private void add(int code, int whenTrue, int whenFalse, int operand) {
    program.add(new Instruction(code, whenTrue, whenFalse, operand));
  }

  private byte[] bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(program.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (Instruction one : program) {
      bytes.putShort((short) one.code).put((byte) one.whenTrue).put((byte) one.whenFalse);
      bytes.putInt(one.operand);
    }
    return bytes.array();
  }
}
