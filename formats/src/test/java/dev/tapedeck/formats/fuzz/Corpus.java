package dev.tapedeck.formats.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;

/** The inputs that are kept for a module's fuzz targets, as tests. */
public final class Corpus {

  private Corpus() {}

  /**
   * A container for each target of a module, and in it a test for each input.
   *
   * @param module its folder
   */
  public static Stream<DynamicContainer> of(Path module) throws IOException {
    Path tests = module.resolve("src/test/java");
    try (Stream<Path> files = Files.walk(tests)) {
      return files
          .filter(file -> file.toString().endsWith("Fuzz.java"))
          .map(file -> tests.relativize(file).toString())
          .map(file -> file.substring(0, file.length() - ".java".length()).replace('/', '.'))
          .sorted()
          .map(target -> container(module, target))
          .toList()
          .stream();
    }
  }

  private static DynamicContainer container(Path module, String target) {
    MethodHandle call = call(target);
    Path inputs = module.resolve("src/test/fuzz").resolve(target.replaceAll(".*\\.", ""));
    Stream<DynamicTest> nothing =
        Stream.of(DynamicTest.dynamicTest("nothing", () -> call.invoke(new byte[0])));
    Stream<DynamicTest> kept =
        list(inputs).stream()
            .map(file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(), () -> call.invoke(Files.readAllBytes(file))));
    return DynamicContainer.dynamicContainer(target, Stream.concat(nothing, kept));
  }

  private static MethodHandle call(String target) {
    try {
      Class<?> type = Class.forName(target);
      return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
          .findStatic(type, "fuzzerTestOneInput", MethodType.methodType(void.class, byte[].class));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(target + " is not a fuzz target", e);
    }
  }

  private static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
