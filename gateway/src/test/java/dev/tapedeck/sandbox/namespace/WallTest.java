package dev.tapedeck.sandbox.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.sandbox.Finding;
import dev.tapedeck.sandbox.Running;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.SftpServers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WallTest {

  private static final int ALLOW = 0x7fff_0000;
  private static final int EPERM = 0x0005_0001;
  private static final int ENOSYS = 0x0005_0026;
  private static final int KILL = 0x8000_0000;

  private static final Optional<String> PERL = Optional.of("/usr/bin/perl");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"amd64", "aarch64"})
  void eachCallIsAnsweredAsTheListSays(String architecture) {
    SystemCalls calls = SystemCalls.of(architecture).orElseThrow();
    Filter filter = new Filter(SeccompFilter.of(calls), calls.architecture());
    List<Integer> allowed =
        calls.calls().stream()
            .filter(call -> call.condition() == SystemCalls.Condition.ALWAYS)
            .map(SystemCalls.Call::number)
            .toList();
    List<String> conditional = List.of("clone", "clone3", "personality", "socket", "socketpair");
    List<Integer> looked = conditional.stream().map(calls::number).toList();
    for (int number = 0; number <= calls.last(); number++) {
      if (!looked.contains(number)) {
        assertThat(filter.answer(number, 0))
            .as("call %d", number)
            .isEqualTo(allowed.contains(number) ? ALLOW : EPERM);
      }
    }
    assertThat(allowed).doesNotContain(calls.number("setns")).hasSizeGreaterThan(250);
    assertThat(filter.answer(calls.last() + 1, 0)).isEqualTo(ENOSYS);
    assertThat(filter.answer(0x4000_0000, 0)).as("x32").isEqualTo(ENOSYS);
    assertThat(filter.answer(-1, 0)).isEqualTo(ENOSYS);
    assertThat(filter.answer(calls.number("clone3"), 0)).isEqualTo(ENOSYS);
    assertThat(new Filter(SeccompFilter.of(calls), 0x4000_0003).answer(0, 0))
        .as("a 32-bit call")
        .isEqualTo(KILL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"amd64", "aarch64"})
  void argumentsAreLookedAtWhereTheyMatter(String architecture) {
    SystemCalls calls = SystemCalls.of(architecture).orElseThrow();
    Filter filter = new Filter(SeccompFilter.of(calls), calls.architecture());
    assertThat(
            IntStream.range(0, 64).filter(n -> filter.answer(calls.number("socket"), n) == ALLOW))
        .containsExactly(1, 2, 10, 16);
    assertThat(
            IntStream.range(0, 64)
                .filter(n -> filter.answer(calls.number("socketpair"), n) == ALLOW))
        .containsExactly(1);
    int clone = calls.number("clone");
    assertThat(filter.answer(clone, 0x003d_0f00)).as("a thread").isEqualTo(ALLOW);
    assertThat(filter.answer(clone, 0x0120_0011)).as("fork").isEqualTo(ALLOW);
    for (int flag : new int[] {0x2_0000, 1 << 25, 1 << 26, 1 << 27, 1 << 28, 1 << 29, 1 << 30}) {
      assertThat(filter.answer(clone, flag | 0x11)).as("%x", flag).isEqualTo(EPERM);
    }
    int personality = calls.number("personality");
    assertThat(filter.answer(personality, -1)).isEqualTo(ALLOW);
    assertThat(filter.answer(personality, 0)).isEqualTo(ALLOW);
    assertThat(filter.answer(personality, 0x40_0000)).isEqualTo(EPERM);
  }

  @Test
  void whereThereIsNoFilterSandboxesWorkAndSaySo() throws Exception {
    Path none = folder.resolve("actions_avail");
    Path few = Files.writeString(folder.resolve("few"), "kill_thread trap errno trace allow\n");
    Path all = Files.writeString(folder.resolve("all"), "kill_process trap errno trace allow\n");
    assertThat(Wall.of("amd64", PERL, all).missing()).isEmpty();
    List<Wall> walls =
        List.of(
            Wall.of("riscv64", PERL, all),
            Wall.of("amd64", PERL, none),
            Wall.of("amd64", PERL, few),
            Wall.of("amd64", Optional.empty(), all));
    assertThat(walls.stream().map(wall -> wall.missing().orElseThrow()))
        .containsExactly(
            "none is known for the processor architecture riscv64",
            "the kernel has no seccomp filters (CONFIG_SECCOMP_FILTER, Linux 4.14 or newer)",
            "the kernel has no seccomp filters (CONFIG_SECCOMP_FILTER, Linux 4.14 or newer)",
            "Perl, which installs it, is not there: install perl (Debian: perl-base)");
    try (NamespaceEngine engine =
        new NamespaceEngine(SandboxLimits.DEFAULT, SftpServers.find(), walls.getLast())) {
      Sandbox sandbox = engine.create();
      assertThat(sandbox.unfiltered().orElseThrow()).startsWith("Perl, which installs it");
      assertThat(Running.output(sandbox, "id -un")).isEqualTo("alice");
      assertThat(engine.examine())
          .anyMatch(finding ->
              finding.level() == Finding.Level.LESSER
                  && finding.detail().startsWith("not filtered: Perl"));
    }
  }

  /** Runs a filter as the kernel would: accumulator, jumps, and the three words that it reads. */
  private static final class Filter {
    private final List<long[]> program = new ArrayList<>();
    private final int architecture;

    Filter(byte[] bytes, int architecture) {
      this.architecture = architecture;
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      while (buffer.hasRemaining()) {
        long code = buffer.getShort();
        long whenTrue = buffer.get() & 0xff;
        long whenFalse = buffer.get() & 0xff;
        program.add(new long[] {code, whenTrue, whenFalse, buffer.getInt() & 0xffff_ffffL});
      }
      assertThat(program).hasSizeLessThan(4096);
    }

    int answer(int number, int argument) {
      long accumulator = 0;
      for (int at = 0; ; at++) {
        long[] one = program.get(at);
        long operand = one[3];
        switch ((int) one[0]) {
          case 0x20 ->
              accumulator =
                  0xffff_ffffL
                      & switch ((int) operand) {
                        case 0 -> number;
                        case 4 -> architecture;
                        case 16 -> argument;
                        default -> throw new AssertionError("reads at " + operand);
                      };
          case 0x06 -> {
            return (int) operand;
          }
          case 0x15 -> at += (int) (accumulator == operand ? one[1] : one[2]);
          case 0x25 -> at += (int) (accumulator > operand ? one[1] : one[2]);
          case 0x35 -> at += (int) (accumulator >= operand ? one[1] : one[2]);
          case 0x45 -> at += (int) ((accumulator & operand) != 0 ? one[1] : one[2]);
          default -> throw new AssertionError("instruction " + one[0]);
        }
      }
    }
  }
}
