package dev.tapedeck.cli.config;

import dev.tapedeck.cli.config.ConfigException.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of the file: asked for its keys one by one, and at the end for those that nobody
 * asked for. What is wrong is noted, and reading goes on with the default, so that a person sees
 * all problems at once.
 */
final class Section {

  /** A longer list is a mistake, or an attack. */
  static final int MAX_LIST = 10_000;

  private final Notes notes;
  private final String path;
  private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();
  private final @Nullable Node node;

  /**
   * @param path the key that leads here, {@code ""} at the top
   * @param node null stands for an empty section
   */
  Section(Notes notes, String path, @Nullable Node node) {
    this.notes = notes;
    this.path = path;
    this.node = node;
    if (node == null || isNull(node)) {
      return;
    }
    if (!(node instanceof MappingNode mapping)) {
      notes.add(node, (path.isEmpty() ? "the file" : path) + " must hold keys with values");
      return;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        notes.add(tuple.getKeyNode(), "a key must be a single word");
      } else if (entries.putIfAbsent(key.getValue(), tuple) != null) {
        notes.add(key, full(key.getValue()) + " is there twice");
      }
    }
  }

  /** What was found wrong in one file, and which keys were asked for. */
  static final class Notes {
    final String file;
    final List<Problem> problems = new ArrayList<>();
    final Set<String> keys = new LinkedHashSet<>();

    Notes(String file) {
      this.file = file;
    }

    void add(@Nullable Node where, String sentence) {
      Optional<Mark> mark = where == null ? Optional.empty() : where.getStartMark();
      int line = mark.map(Mark::getLine).orElse(0) + 1;
      int column = mark.map(Mark::getColumn).orElse(0) + 1;
      problems.add(new Problem(file, line, column, sentence));
    }
  }

  /** The section under {@code key}, empty if there is none. */
  Section section(String key) {
    return new Section(notes, full(key), ask(key));
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** Where this section begins, for problems of the section as a whole. */
  @Nullable Node where() {
    return node;
  }

  Notes notes() {
    return notes;
  }

  /**
   * A single value.
   *
   * @param parse throws {@link IllegalArgumentException} with a sentence that says what is allowed
   */
  <T> T value(String key, T otherwise, Function<String, ? extends T> parse) {
    T value = optional(key, otherwise, parse);
    return value == null ? otherwise : value;
  }

  /** As {@link #value}, where null stands for nothing. */
  <T> @Nullable T optional(String key, @Nullable T otherwise, Function<String, ? extends T> parse) {
    Node value = ask(key);
    if (value == null) {
      return otherwise;
    }
    String text = text(full(key), value);
    if (text == null) {
      return otherwise;
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      notes.add(value, full(key) + ": " + e.getMessage());
      return otherwise;
    }
  }

  /** A list of single values; one alone stands for a list of one. */
  List<String> texts(String key, List<String> otherwise) {
    Node value = ask(key);
    if (value == null) {
      return otherwise;
    }
    List<String> texts = new ArrayList<>();
    for (Node item : items(key, value)) {
      String text = text(full(key), item);
      if (text != null) {
        texts.add(text);
      }
    }
    return texts;
  }

  /** A list of sections. */
  List<Section> sections(String key) {
    Node value = ask(key);
    if (value == null) {
      return List.of();
    }
    return items(key, value).stream()
        .map(item -> new Section(notes, full(key) + "[]", item))
        .toList();
  }

  /**
   * Keys of the person's own choice, each with a section. A single value stands for a section whose
   * first key it is: {@code anthropic: https://...} for {@code anthropic: {url: https://...}}.
   */
  void each(String key, BiConsumer<String, Section> reader) {
    Section section = section(key);
    section.entries.forEach((name, tuple) -> {
      Section each = new Section(notes, full(key) + "[]", mapping(tuple.getValueNode()));
      reader.accept(name, each);
    });
  }

  private static Node mapping(Node value) {
    if (!(value instanceof ScalarNode scalar) || isNull(value)) {
      return value;
    }
    Node name =
        new ScalarNode(
            Tag.STR, true, "url", ScalarStyle.PLAIN, scalar.getStartMark(), scalar.getEndMark());
    return new MappingNode(
        Tag.MAP,
        true,
        List.of(new NodeTuple(name, scalar)),
        FlowStyle.FLOW,
        scalar.getStartMark(),
        scalar.getEndMark());
  }

  /** Where the value of {@code key} is, for problems that show only later. */
  @Nullable Node at(String key) {
    NodeTuple tuple = entries.get(key);
    return tuple == null ? node : tuple.getValueNode();
  }

  /** Notes the keys that nobody asked for. */
  void finish() {
    entries.forEach((key, tuple) -> {
      if (!asked.contains(key)) {
        String meant =
            KnownKeys.nearest(path, key, asked)
                .map(nearest -> "did you mean " + nearest + "? ")
                .orElse("");
        notes.add(
            tuple.getKeyNode(),
            "unknown key "
                + full(key)
                + "; "
                + meant
                + "Known "
                + (path.isEmpty() ? "here" : "in " + path)
                + ": "
                + String.join(", ", asked));
      }
    });
  }

  private @Nullable Node ask(String key) {
    asked.add(key);
    notes.keys.add(full(key));
    NodeTuple tuple = entries.get(key);
    return tuple == null ? null : tuple.getValueNode();
  }

  private String full(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private List<Node> items(String key, Node value) {
    if (isNull(value)) {
      return List.of();
    }
    List<Node> items =
        value instanceof SequenceNode sequence ? sequence.getValue() : List.of(value);
    if (items.size() > MAX_LIST) {
      notes.add(value, full(key) + " has more than " + MAX_LIST + " items");
      return List.of();
    }
    return items;
  }

  private @Nullable String text(String name, Node value) {
    if (!(value instanceof ScalarNode scalar)) {
      notes.add(value, name + " must be a single value");
      return null;
    }
    if (isNull(value)) {
      notes.add(value, name + " has no value; give it one, or leave the line out");
      return null;
    }
    return scalar.getValue();
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }
}
