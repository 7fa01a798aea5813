package io.straightedge.deploy.command;

import io.straightedge.protocol.run.RunManifest;
import java.util.List;
import picocli.CommandLine;

/** The watch command with {@link LinesFormat}, in which {@code steps=100} is a run's plan. */
public final class WatchMain {

    private WatchMain() {}

    public static void main(String[] arguments) {
        System.exit(line().execute(arguments));
    }

    static CommandLine line() {
        CommandLine line = Straightedge.commandLine();
        CommandLine watch = new CommandLine(new WatchCommand(
                List.of(new LinesFormat()),
                (study, run, values) -> RunManifest.of(
                        study,
                        run,
                        null,
                        values.containsKey("steps") ? Long.valueOf(values.get("steps")) : null,
                        null,
                        null)));
        line.addSubcommand("watch-lines", watch);
        watch.setExecutionExceptionHandler(line.getExecutionExceptionHandler());
        return line;
    }
}
