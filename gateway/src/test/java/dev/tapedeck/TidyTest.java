package dev.tapedeck;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** House style that a compiler does not see, over the sources of all modules. */
class TidyTest {

  /** Folders that .gitignore names, and git's own. */
  private static final Set<String> GENERATED = Set.of("target", "node_modules", ".git", ".idea");

  private static final Pattern BINARY = Pattern.compile("\\.(jar|class|so|zip|tgz|gz|deb)$");

  private static final int MAX_FILE_LINES = 400;
  private static final int MAX_METHOD_LINES = 60;

  // Put together here, so that this file does not break its own rules.
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(" + "TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");
  private static final Pattern PRINTING =
      Pattern.compile("\\bSystem\\.(out|err)\\.(print|write|format|append)");
  private static final Pattern SLEEPING = Pattern.compile("\\bThread\\.sleep\\b");
  private static final Pattern VAGUE = Pattern.compile(".*(Manager|Helper|Utils?|Impl)");

  private static List<Path> files = List.of();

  @BeforeAll
  static void findSources() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String module : List.of("formats", "gateway", "bench")) {
      try (Stream<Path> sources = Files.walk(root().resolve(module).resolve("src"))) {
        sources.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
      }
    }
    files = List.copyOf(found);
    assertThat(files).isNotEmpty();
  }

  private static Path root() {
    return Path.of(System.getProperty("tapedeck.root")).toAbsolutePath().normalize();
  }

  @Test
  void filesAreShort() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : files) {
      int lines = Files.readAllLines(file).size();
      if (lines > MAX_FILE_LINES) {
        tooLong.add(name(file) + " has " + lines + " lines");
      }
    }
    assertThat(tooLong).as("files have at most %d lines", MAX_FILE_LINES).isEmpty();
  }

  @Test
  void methodsAreShortAndNamesSayWhatTheThingIs() throws IOException {
    Shapes shapes = new Shapes();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      shapes.positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        shapes.unit = unit;
        shapes.scan(unit, null);
      }
    }
    assertThat(shapes.methods).as("the scan found methods").isPositive();
    assertThat(shapes.longMethods)
        .as("methods of the program have at most %d lines", MAX_METHOD_LINES)
        .isEmpty();
    assertThat(shapes.vagueNames)
        .as("types are named in the field's own words, not Manager, Helper, Util or Impl")
        .isEmpty();
  }

  /** What Maven, npm and Debian bring stays out of the tree, and so does what is built of it. */
  @Test
  void whatIsBuiltOrFetchedLiesInFoldersThatGitLeavesOut() throws IOException {
    List<String> binaries = new ArrayList<>();
    Files.walkFileTree(
        root(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = String.valueOf(folder.getFileName());
            return GENERATED.contains(name)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (BINARY.matcher(file.toString()).find()) {
              binaries.add(name(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(binaries).as("no archives, classes or libraries in the tree").isEmpty();
  }

  @Test
  void linesEndWhereTheirTextEnds() throws IOException {
    assertThat(linesWith(Pattern.compile("\\s$|\\t"), _ -> true))
        .as("no tabs, and no blanks at a line's end")
        .isEmpty();
  }

  @Test
  void nothingIsLeftForLater() throws IOException {
    assertThat(linesWith(UNFINISHED, _ -> true)).as("no notes of unfinished work").isEmpty();
  }

  @Test
  void onlyTheCommandLinePrints() throws IOException {
    assertThat(linesWith(PRINTING, file -> file.contains("/src/main/") && !file.contains("/cli/")))
        .as("only cli prints; everything else logs")
        .isEmpty();
  }

  @Test
  void testsWaitForConditions() throws IOException {
    assertThat(linesWith(SLEEPING, file -> file.contains("src/test/")))
        .as("tests wait for a condition and do not sleep")
        .isEmpty();
  }

  @Test
  void noFileNamesTheMachineThatItWasWrittenOn() throws IOException {
    List<String> places = new ArrayList<>(List.of("/Users/", root().toString()));
    Path parent = root().getParent();
    if (parent != null && parent.getNameCount() > 0) {
      places.add(parent + "/");
    }
    String home = System.getProperty("user.home");
    if (home.startsWith("/home/")) {
      places.add(home);
    }
    String anyPlace = String.join("|", places.stream().map(Pattern::quote).toList());
    String self = getClass().getSimpleName() + ".java";
    assertThat(linesWith(Pattern.compile(anyPlace), file -> !file.endsWith(self)))
        .as("no paths of a developer's machine")
        .isEmpty();
  }

  /** {@code file:line: text} of each line in which the pattern is found. */
  private static List<String> linesWith(Pattern pattern, Predicate<String> wanted)
      throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      if (!wanted.test(name(file))) {
        continue;
      }
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (pattern.matcher(lines.get(i)).find()) {
          found.add(name(file) + ":" + (i + 1) + ": " + lines.get(i).strip());
        }
      }
    }
    return found;
  }

  private static String name(Path file) {
    return root().relativize(file).toString();
  }

  /** Looks at the shape of the code: how long methods are, and what types are called. */
  private static final class Shapes extends TreeScanner<Void, Void> {
    private final List<String> longMethods = new ArrayList<>();
    private final List<String> vagueNames = new ArrayList<>();
    private int methods;
    private SourcePositions positions;
    private CompilationUnitTree unit;

    @Override
    public Void visitMethod(MethodTree method, Void none) {
      methods++;
      Tree body = method.getBody();
      if (body != null) {
        LineMap lines = unit.getLineMap();
        long length =
            lines.getLineNumber(positions.getEndPosition(unit, body))
                - lines.getLineNumber(positions.getStartPosition(unit, body))
                + 1;
        // A test's table of cases is as long as its cases are many.
        boolean program = name(Path.of(unit.getSourceFile().toUri())).contains("/src/main/");
        if (program && length > MAX_METHOD_LINES) {
          longMethods.add(place(method) + method.getName() + " has " + length + " lines");
        }
      }
      return super.visitMethod(method, null);
    }

    @Override
    public Void visitClass(ClassTree type, Void none) {
      if (VAGUE.matcher(type.getSimpleName()).matches()) {
        vagueNames.add(place(type) + type.getSimpleName());
      }
      return super.visitClass(type, null);
    }

    private String place(Tree tree) {
      long line = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, tree));
      return name(Path.of(unit.getSourceFile().toUri())) + ":" + line + ": ";
    }
  }
}
