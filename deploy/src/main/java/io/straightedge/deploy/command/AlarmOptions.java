package io.straightedge.deploy.command;

import io.straightedge.deploy.backtest.alarm.AlarmBacktest;
import io.straightedge.deploy.backtest.alarm.AlarmChoices;
import io.straightedge.deploy.backtest.alarm.DataOrders;
import io.straightedge.ingest.history.KnownAnomaly;
import io.straightedge.publisher.rule.RuleBook;
import io.straightedge.publisher.rule.RulesFile;
import io.straightedge.publisher.rule.RulesFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What is asked of a back-test of alarms. */
final class AlarmOptions {

    /** Options that say something of forecasts only. */
    private static final List<String> OF_FORECASTS = List.of(
            "--fractions", "--truth", "--history", "--leave-out", "--recalibrate", "--methods", "--sample", "--plot");

    private static final List<String> OF_ALARMS = List.of(
            "--rules",
            "--labels",
            "--inject",
            "--injections",
            "--seconds-per-observation",
            "--resample",
            "--data-order");

    private static final int INJECTIONS = 10;
    private static final double MOST_RUN_DAYS = 1e6;

    @Option(
            names = "--alarms",
            description = "Say what would have fired on this history, instead of how far off forecasts were.")
    private boolean alarms;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "With --alarms: the rules of alerting, YAML as for up. Default: those that need no file.")
    private @Nullable Path rules;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description =
                    "With --alarms: what is known to have happened, a CSV with run, step_begin, step_end, and file"
                            + " and kind where they apply. Found means that an alarm has its onset, or was told, within a logging"
                            + " interval of there. Of kind restart, no alarm is wanted.")
    private @Nullable Path labels;

    @Option(
            names = "--inject",
            description =
                    "With --alarms: put faults into every run of 2,000 observations or more, and say when they are found:"
                            + " steps, a spike, drifts, a divergence, the rise after a lost optimiser state, a plateau.")
    private boolean inject;

    @Option(
            names = "--injections",
            paramLabel = "N",
            description = "With --inject: faults of each kind in each run. Default: " + INJECTIONS + ".")
    private @Nullable Integer injections;

    @Option(
            names = "--seconds-per-observation",
            paramLabel = "S",
            description =
                    "With --alarms: how often runs log; it counts run-days, and rarities by the day. Default: 5 seconds a"
                            + " step, so 5 for logs of each step, 250 for logs of every 50th. Give it where the step column"
                            + " counts something else, such as sequences.")
    private @Nullable Double secondsPerObservation;

    @Option(
            names = "--resample",
            paramLabel = "DAYS",
            description =
                    "With --alarms: instead of the runs themselves, watch so many run-days of healthy runs that are made"
                            + " from those of 2,000 observations or more: a power law through each, and blocks of its residuals.")
    private @Nullable Double runDays;

    @Option(
            names = "--data-order",
            paramLabel = "RUNS",
            description =
                    "With --alarms: these runs saw the same data at the same steps: names with commas between, * for anything."
                            + " They are held against the first of them; with --inject, faults are put into the others alone."
                            + " Once for each order.")
    private List<String> dataOrders = List.of();

    /** Whether alarms are wanted. Options that do not go together are refused. */
    boolean wanted(CommandSpec spec) {
        Stream<String> given =
                spec.commandLine().getParseResult().matchedOptions().stream().map(option -> option.longestName());
        List<String> wrong =
                given.filter((alarms ? OF_FORECASTS : OF_ALARMS)::contains).toList();
        if (!wrong.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    String.join(", ", wrong) + (alarms ? ": not with --alarms" : ": only with --alarms"));
        }
        if (injections != null && !inject) {
            throw new ParameterException(spec.commandLine(), "--injections: only with --inject");
        }
        if (runDays != null && (labels != null || inject || !dataOrders.isEmpty())) {
            throw new ParameterException(spec.commandLine(), "--resample: not with --labels, --inject or --data-order");
        }
        return alarms;
    }

    /** The test that is asked for. */
    AlarmBacktest test(BacktestOptions options) throws IOException {
        AlarmChoices choices = choices(options.seed(), options.threads());
        if (runDays == null) {
            List<KnownAnomaly> known = labels == null ? List.of() : KnownAnomaly.read(labels);
            return AlarmBacktest.of(DataOrders.of(options.runsAsLogged(), dataOrders), known, choices);
        }
        if (!(runDays > 0 && runDays <= MOST_RUN_DAYS)) {
            throw new IllegalArgumentException(
                    "--resample " + runDays + ": it must be above 0 and at most " + Math.round(MOST_RUN_DAYS));
        }
        return AlarmBacktest.resampled(options.runsAsLogged(), runDays, choices);
    }

    boolean labelled() {
        return labels != null;
    }

    private AlarmChoices choices(long seed, int threads) throws IOException {
        int each = injections == null ? INJECTIONS : injections;
        if (inject && each < 1) {
            throw new IllegalArgumentException("--injections " + each + ": it must be at least 1");
        }
        return new AlarmChoices(book(), secondsPerObservation, inject ? each : 0, seed, threads);
    }

    private RuleBook book() throws IOException {
        try {
            return rules == null ? RuleBook.DEFAULT : RulesFile.read(rules);
        } catch (RulesFileException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
