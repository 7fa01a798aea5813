package io.straightedge.deploy.command;

import io.straightedge.deploy.offline.FitChoices;
import io.straightedge.deploy.offline.FitPlot;
import io.straightedge.deploy.offline.FitReport;
import io.straightedge.deploy.offline.OfflineFit;
import io.straightedge.deploy.offline.Sample;
import io.straightedge.deploy.plot.Scene;
import io.straightedge.fitter.law.FitOptions;
import io.straightedge.fitter.law.LawEstimator;
import io.straightedge.fitter.law.LawEstimators;
import io.straightedge.ingest.finals.Finals;
import io.straightedge.protocol.run.ParameterCount;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fits a law to files of final losses. */
@Command(
        name = "fit",
        mixinStandardHelpOptions = true,
        description = {
            "Fits a scaling law to final losses in CSV files: coefficients, the best split of a budget, intervals, and what"
                    + " speaks against them.",
            "",
            "Needed columns: params, loss, and tokens or flops; many other names are known (Model Size, Training FLOP, N,"
                    + " D, C), and what was taken for what is said. Of curves, several rows a run with steps, the last"
                    + " point is the final loss.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:a law was fitted",
            "1:failed; the message says why",
            "2:the command line is wrong, or the input cannot be used",
            "3:no law can be fitted to these data; the reason is printed"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  straightedge fit finals.csv",
            "  straightedge fit finals.csv --family gadre_c4 --budget 1e22 --bootstrap 4000 --plot law.svg",
            "  straightedge fit finals.csv --law all --hold-out-budgets 2     laws compete on the largest budgets",
            "  straightedge fit chinchilla.csv --tokens-from-flops --drop-highest-loss 5 --json > fit.json",
            "  straightedge fit sweep.csv --where outlier=0 --column \"params=Model Size\""
        })
final class FitCommand implements Callable<Integer> {

    private static final int NO_LAW = 3;
    private static final String ALL = "all";

    @Mixin
    private FinalsInput input;

    @Option(
            names = "--law",
            paramLabel = "NAME",
            defaultValue = "chinchilla",
            description = "The law to fit, several when given several times; all: those there are. Several compete on"
                    + " held-out budgets, and Chinchilla's stands unless another is better by more than a fifth. An"
                    + " unknown name lists the known ones. Default: ${DEFAULT-VALUE}.")
    private List<String> laws = List.of();

    @Option(
            names = "--approach",
            paramLabel = "1|2|3",
            defaultValue = "3",
            description = "3: a law of N and D. 2: the least loss of each budget. 1: the envelope of whole curves. The"
                    + " last two say how N* and D* grow with compute. Default: ${DEFAULT-VALUE}.")
    private int approach;

    @Option(
            names = "--delta",
            paramLabel = "NATS",
            defaultValue = "0.001",
            description = "Bound beyond which a log residual counts by its size, not its square. Default:"
                    + " ${DEFAULT-VALUE}.")
    private double delta;

    @Option(
            names = "--bootstrap",
            paramLabel = "DRAWS",
            defaultValue = "0",
            description = "Take intervals from so many resamples of the runs, such as 4000. Default: from the"
                    + " calibration on held-out budgets.")
    private int resamples;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed of the resamples. Default: 1.")
    private long seed;

    @Option(
            names = "--hold-out-budgets",
            paramLabel = "K",
            defaultValue = "2",
            description = "Test the law on the K largest budgets, not seen in that fit; 0: do not. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int holdOutBudgets;

    @Option(
            names = "--budget",
            paramLabel = "FLOPS",
            description =
                    "Give the best split of this budget; may be given several times. Default: 10 and 100 times the"
                            + " largest in the data.")
    private List<Double> budgets = List.of();

    @Option(
            names = "--annealed",
            description =
                    "The learning rate had come down at every row, for --approach 1 where no column annealed says so.")
    private boolean annealed;

    @Option(
            names = "--params-count",
            paramLabel = "WHAT",
            description = "What the params column counts: ${COMPLETION-CANDIDATES}; goes into the record.")
    private @Nullable ParameterCount paramsCount;

    @Option(names = "--plot", paramLabel = "FILE", description = "Draw the fit into this .svg or .png file.")
    private @Nullable Path plot;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        requirePlotName();
        FitChoices choices = new FitChoices(
                approach,
                names(),
                FitOptions.DEFAULT.withDelta(delta),
                resamples,
                seed,
                holdOutBudgets,
                budgets,
                annealed,
                paramsCount);
        Finals finals = input.read(approach == 1);
        if (!output.json) {
            saySources(finals);
        }
        FitReport report = fitted(Sample.of(finals), choices);
        output.print(report, FitText.of(report));
        if (report.refused() != null) {
            err().println("straightedge: no law: " + report.refused());
            return NO_LAW;
        }
        if (plot != null) {
            draw(FitPlot.of(report), plot);
        }
        return 0;
    }

    private FitReport fitted(Sample sample, FitChoices choices) {
        Interruption interruption = Interruption.of("the fit was stopped; nothing is printed");
        try (interruption;
                Progress progress = Progress.of("resamples", resamples, !output.json && resamples > 0)) {
            return OfflineFit.of(sample, choices, progress::reached);
        }
    }

    private List<String> names() {
        return laws.contains(ALL)
                ? LawEstimators.all().stream().map(LawEstimator::name).toList()
                : laws;
    }

    private void saySources(Finals finals) {
        finals.columns().forEach((column, from) -> {
            if (!column.equals(from)) {
                err().println(column + " from " + from);
            }
        });
        finals.notes().forEach(err()::println);
        err().flush();
    }

    private void requirePlotName() {
        if (plot != null && approach != 3) {
            throw new IllegalArgumentException("--plot draws laws of N and D: it needs --approach 3");
        }
        if (plot != null) {
            PlotFile.require(plot);
        }
    }

    private void draw(Scene scene, Path file) throws IOException {
        PlotFile.write(scene, file);
        if (!output.json) {
            err().println("plot in " + file);
        }
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
