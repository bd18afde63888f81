package dev.tapedeck.formats.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/** What fuzzing found, and where it has been. */
final class FuzzCorpusTest {

  @TestFactory
  Stream<DynamicContainer> holds() throws IOException {
    return Corpus.of(Path.of(System.getProperty("tapedeck.root"), "formats"));
  }
}
