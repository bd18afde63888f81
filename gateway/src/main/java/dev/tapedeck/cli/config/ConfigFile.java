package dev.tapedeck.cli.config;

import dev.tapedeck.cli.config.ConfigException.Problem;
import dev.tapedeck.cli.config.Section.Notes;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * What a configuration file says.
 *
 * @param file where it was read, or null where there is none and the defaults hold
 * @param warnings sentences for a person; the configuration can be used all the same
 */
public record ConfigFile(@Nullable Path file, Config config, List<String> warnings) {

  /** A larger file is not a configuration. */
  public static final int MAX_BYTES = 4 << 20;

  /**
   * Reads {@code file}, or the default one if it is there.
   *
   * @param file what the command line named, or null
   * @throws ConfigException with a line for each problem
   */
  public static ConfigFile load(@Nullable Path file, Environment surroundings)
      throws ConfigException {
    Path read = file == null ? surroundings.defaultConfigFile() : file;
    String text;
    try {
      if (Files.size(read) > MAX_BYTES) {
        throw new ConfigException(read + ": larger than " + Units.show(MAX_BYTES));
      }
      text = Files.readString(read);
    } catch (NoSuchFileException e) {
      if (file == null) {
        return new ConfigFile(null, Config.defaults(surroundings), List.of());
      }
      throw new ConfigException(read + ": there is no such file");
    } catch (CharacterCodingException e) {
      throw new ConfigException(read + ": this is not text in UTF-8");
    } catch (IOException e) {
      throw new ConfigException(read + ": it cannot be read (" + reason(e) + ")");
    }
    Notes notes = new Notes(read.toString());
    Config config = parse(text, read, notes, surroundings);
    return new ConfigFile(read, config, permissions(read, config));
  }

  static Config parse(String text, Path file, Notes notes, Environment surroundings)
      throws ConfigException {
    Path folder = file.toAbsolutePath().getParent();
    Section root = new Section(notes, "", compose(text, notes));
    Config config =
        new ConfigReader(surroundings, folder == null ? file.toAbsolutePath() : folder).read(root);
    if (!notes.problems.isEmpty()) {
      throw new ConfigException(notes.problems);
    }
    return config;
  }

  private static @Nullable Node compose(String text, Notes notes) throws ConfigException {
    LoadSettings settings =
        LoadSettings.builder().setLabel(notes.file).setCodePointLimit(MAX_BYTES).build();
    try {
      List<Node> documents = new ArrayList<>();
      new Compose(settings).composeAllFromString(text).forEach(documents::add);
      if (documents.size() > 1) {
        notes.add(documents.get(1), "one YAML document is wanted, and here begins another");
        throw new ConfigException(notes.problems);
      }
      return documents.isEmpty() ? null : documents.getFirst();
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      throw new ConfigException(
          List.of(
              new Problem(
                  notes.file,
                  mark.map(Mark::getLine).orElse(0) + 1,
                  mark.map(Mark::getColumn).orElse(0) + 1,
                  "not valid YAML: " + syntax(e))));
    } catch (YamlEngineException e) {
      throw new ConfigException(notes.file + ": not valid YAML");
    }
  }

  /**
   * What the parser found wrong, without the snippet that it would show, which may hold a password.
   * The composer's own message quotes a name from the file: {@code password: *hunter2}.
   */
  private static String syntax(MarkedYamlEngineException e) {
    return e instanceof ComposerException
        ? "an alias (*name) that no anchor (&name) goes before; quote the value if * belongs to it"
        : e.getProblem();
  }

  private static List<String> permissions(Path file, Config config) throws ConfigException {
    boolean secrets = config.ssh().users().stream().anyMatch(Config.User::hasPassword);
    if (!secrets) {
      return List.of();
    }
    try {
      Set<PosixFilePermission> permissions = new HashSet<>(Files.getPosixFilePermissions(file));
      permissions.retainAll(
          Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ));
      return permissions.isEmpty()
          ? List.of()
          : List.of(file + " holds passwords and can be read by other users: chmod 600 " + file);
    } catch (IOException e) {
      throw new ConfigException(file + ": its permissions cannot be read (" + reason(e) + ")");
    }
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.AccessDeniedException
        ? "permission denied"
        : String.valueOf(e.getMessage());
  }
}
