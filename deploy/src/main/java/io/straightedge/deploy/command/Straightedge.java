package io.straightedge.deploy.command;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The top-level command. */
@Command(
        name = "straightedge",
        mixinStandardHelpOptions = true,
        version = "straightedge 0.1.0",
        description = {
            "Watches language-model training runs live: where each loss will land, whether the run is healthy, and what"
                    + " the next budget should buy.",
            ""
        },
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            IngestCommand.class,
            FitterCommand.class,
            PublisherCommand.class,
            WatchCommand.class,
            ReplayCommand.class,
            FitCommand.class,
            PlanCommand.class,
            BacktestCommand.class,
            AlertsCommand.class,
            TokenCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed; the message says why", "2:the command line is wrong"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  straightedge demo                  simulated runs, a broker, all stages, a page",
            "  straightedge up                    all stages on an embedded broker",
            "  straightedge watch runs/           follow the logs of training jobs",
            "  straightedge replay runs.csv       send a history of runs to it",
            "  straightedge fit finals.csv        a scaling law from final losses, no broker",
            "  straightedge plan --preset epoch --budget 1e23    what a budget should buy",
            "  straightedge backtest curves.csv   how far off forecasts were on finished runs",
            "  straightedge alerts test           whether alerts would reach anybody",
            "  straightedge token new             a token for a client of the server",
            "  straightedge COMMAND --help        more, with examples"
        })
public final class Straightedge implements Runnable {

    @Spec
    private CommandSpec spec;

    /** Runs a command line; the exit code. */
    public static int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Straightedge());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            PrintWriter err = command.getErr();
            err.println("straightedge: " + Failures.message(failure));
            return failure instanceof IllegalArgumentException
                    ? CommandLine.ExitCode.USAGE
                    : CommandLine.ExitCode.SOFTWARE;
        });
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to do: demo, up, ingest, fitter, publisher, watch, replay, fit, plan, backtest, alerts or"
                        + " token");
    }
}
