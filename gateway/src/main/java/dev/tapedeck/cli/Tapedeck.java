package dev.tapedeck.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program without a command. */
@Command(
    name = "tapedeck",
    mixinStandardHelpOptions = true,
    versionProvider = Tapedeck.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Records SSH sessions in sandboxes to asciicast, and finds and plays them again.",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Start:     tapedeck serve            then paste the ssh command that it prints",
      "Look back: tapedeck ls               tapedeck play latest",
      "",
      "A SESSION is an ID, a unique prefix of one, or latest. Exit codes: 0 done, 1 failed,",
      "2 wrong usage. 'tapedeck COMMAND --help' explains a command; docs/configuration.md the keys",
      "of the configuration file."
    })
final class Tapedeck implements Runnable {

  @Spec @Nullable CommandSpec spec;

  @Override
  public void run() {
    CommandSpec here = java.util.Objects.requireNonNull(spec, "picocli sets it");
    throw new CommandLine.ParameterException(here.commandLine(), "a command is missing");
  }

  /** From the jar's manifest, which a run from classes does not have. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "tapedeck " + number(),
        "Java "
            + Runtime.version()
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch")
      };
    }

    static String number() {
      return Optional.ofNullable(Tapedeck.class.getPackage().getImplementationVersion())
          .orElse("(not packaged)");
    }
  }
}
