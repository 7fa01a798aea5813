package io.straightedge.deploy.command;

import io.straightedge.deploy.backtest.Backtest;
import io.straightedge.deploy.backtest.BacktestChoices;
import io.straightedge.deploy.backtest.BacktestPlot;
import io.straightedge.deploy.backtest.BacktestReport;
import io.straightedge.deploy.backtest.alarm.AlarmBacktest;
import io.straightedge.deploy.backtest.alarm.AlarmReport;
import io.straightedge.ingest.history.PastRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Replays finished runs and says how far off the forecasts were, or what would have fired. */
@Command(
        name = "backtest",
        mixinStandardHelpOptions = true,
        description = {
            "Replays finished runs through the very code of the live lane and says how far off the forecasts of their final"
                    + " losses were, at several fractions of each run and beside simple methods on the same curves. With"
                    + " --alarms, says what would have fired instead, beside the rules that others use.",
            "",
            "Files: curves as for replay (family,run,params,step,tokens,flops,lr,loss,split), with the learning rates as the"
                    + " plan; or the LossCast layout (runs.csv.gz with points.csv.gz, or their folder). Each file, or"
                    + " folder of files, is a source; the runs of one source and split are one study.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:curves were tested",
            "1:failed; the message says why",
            "2:the command line is wrong, or the input cannot be used",
            "3:no curve could be tested; the reasons are printed"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  straightedge backtest curves.csv                      each size with the other sizes as history",
            "  straightedge backtest curves.csv --history none       every run as if it were the first",
            "  straightedge backtest losscast/ --history smaller:200M    forecast large models from small ones",
            "  straightedge backtest new.csv --history old.csv       old runs as history, new ones tested",
            "  straightedge backtest a.csv b.csv c/ --fractions .1,.5 --plot errors.svg",
            "  straightedge backtest a.csv b.csv c.csv --leave-out source --json > scores.json",
            "  straightedge backtest curves.csv --alarms --labels known.csv    alarms, and what they found",
            "  straightedge backtest clean.csv --alarms --inject --injections 30   how soon faults are found",
            "  straightedge backtest clean.csv --alarms --resample 1000        false alarms in 1,000 run-days"
        })
final class BacktestCommand implements Callable<Integer> {

    private static final int NOTHING_TESTED = 3;

    @Mixin
    private BacktestOptions options;

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            description = "Draw error by fraction, and calibration, into this .svg or .png file.")
    private @Nullable Path plot;

    @Mixin
    private AlarmOptions alarms;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        return alarms.wanted(spec) ? alarms() : forecasts();
    }

    private int alarms() throws IOException {
        AlarmBacktest test = alarms.test(options);
        AlarmReport report;
        Interruption interruption = Interruption.of("the back-test was stopped; nothing is printed");
        try (interruption;
                Progress progress = Progress.of("observations", test.work(), !output.json)) {
            report = test.run(progress::reached);
        }
        output.print(report, AlarmText.of(report, alarms.labelled()));
        if (report.observations() == 0) {
            spec.commandLine().getErr().println("straightedge: no run could be tested: the files hold no losses");
            return NOTHING_TESTED;
        }
        return 0;
    }

    private int forecasts() throws IOException {
        if (plot != null) {
            PlotFile.require(plot);
        }
        BacktestChoices choices = options.choices();
        List<PastRun> runs = options.runs();
        Backtest test = Backtest.of(runs, choices);
        BacktestReport report;
        Interruption interruption = Interruption.of("the back-test was stopped; nothing is printed");
        try (interruption;
                Progress progress = Progress.of("runs", test.work(), !output.json)) {
            report = test.run(progress::reached);
        }
        output.print(report, BacktestText.of(report));
        if (report.curves() == 0) {
            spec.commandLine().getErr().println("straightedge: no curve could be tested: " + reasons(report));
            return NOTHING_TESTED;
        }
        if (plot != null) {
            PlotFile.write(BacktestPlot.of(report), plot);
        }
        return 0;
    }

    private static String reasons(BacktestReport report) {
        List<String> reasons = report.skipped().stream()
                .map(skipped -> skipped.count() + " because " + skipped.reason())
                .toList();
        return reasons.isEmpty() ? "the files hold none" : String.join("; ", reasons);
    }
}
