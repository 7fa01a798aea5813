package io.straightedge.deploy.command;

import io.straightedge.deploy.backtest.BacktestChoices;
import io.straightedge.deploy.backtest.HistoryChoice;
import io.straightedge.deploy.backtest.LeaveOut;
import io.straightedge.deploy.backtest.Method;
import io.straightedge.ingest.history.GivenSchedules;
import io.straightedge.ingest.history.PastRun;
import io.straightedge.ingest.history.PastRuns;
import io.straightedge.ingest.history.Truth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is tested, and what is known when it is. */
final class BacktestOptions {

    private static final Pattern SMALLER = Pattern.compile("smaller:([0-9.eE]+)([kKmMbBtT]?)(?:\\+([0-9]+))?");

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files of curves, or folders of them.")
    private List<Path> files = List.of();

    @Option(
            names = "--fractions",
            paramLabel = "F",
            split = ",",
            defaultValue = ".1,.2,.3,.5,.7,.9",
            description = "Parts of the planned steps that have been seen. Default: ${DEFAULT-VALUE}.")
    private List<Double> fractions = List.of();

    @Option(
            names = "--truth",
            paramLabel = "WHAT",
            description =
                    "The final loss: last2pct, the mean of the last 2 %% of the steps; or evaluated, the final loss"
                            + " that the file tells, else the last one logged. Default: evaluated where it is told.")
    private @Nullable Truth truth;

    @Option(
            names = "--history",
            paramLabel = "WHAT",
            description =
                    "The finished runs that are known: others of the same source; none; smaller, the smaller models"
                            + " of the source; smaller:200M, the models below, with only the others tested; smaller:200M+30, and"
                            + " 30 runs of the larger ones drawn at random; earlier, the runs before in the files; or a file,"
                            + " which may be given several times. Default: others.")
    private List<String> history = List.of();

    @Option(
            names = "--leave-out",
            paramLabel = "WHAT",
            description =
                    "What of the same source a tested run's history does not hold: its group, that is its size, else"
                            + " its family; only the run itself; the whole source, whose interval factors are then learnt from"
                            + " the other sources; or none, so that there is no history unless --history says so. Default:"
                            + " group, with other histories than others run.")
    private @Nullable LeaveOut leaveOut;

    @Option(
            names = "--recalibrate",
            description =
                    "Learn the factors of a source's intervals from the errors on all other sources, three in all at"
                            + " least.")
    private boolean recalibrate;

    @Option(
            names = "--methods",
            paramLabel = "NAME",
            split = ",",
            description = "Methods to compare: straightedge, last-value, power-law, multi-power-law, and the parts of"
                    + " straightedge, law and recipe. Default: the first four.")
    private List<String> methods = Method.usual();

    @Option(
            names = "--split",
            paramLabel = "NAME",
            description = "Only this split; may be given several times. Default: all, each for itself.")
    private List<String> splits = List.of();

    @Option(
            names = "--schedules",
            paramLabel = "FILE",
            description = "Plans for files without learning rates: a CSV with run (a name or family, * and ? for any),"
                    + " kind, and warmup, decay, final (over the peak), shape, peak, steps where they apply.")
    private @Nullable Path schedules;

    @Option(
            names = "--sample",
            paramLabel = "N",
            defaultValue = "0",
            description = "Test only N runs of each study, drawn at random; the history stays whole. Default: all.")
    private int sample;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed of what is drawn. Default: 1.")
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads; the result does not depend on it. Default: one a core.")
    private int threads = Runtime.getRuntime().availableProcessors();

    BacktestChoices choices() throws IOException {
        HistoryChoice known = historyChoice();
        boolean bare = leaveOut == LeaveOut.SOURCE;
        return new BacktestChoices(
                fractions,
                truth,
                known,
                leaveOut,
                methods.stream().map(Method::of).distinct().sorted().toList(),
                sample,
                seed,
                recalibrate || bare,
                threads);
    }

    /** The runs of the files. */
    List<PastRun> runs() throws IOException {
        return read(files);
    }

    /** The runs of the files, without anything that another run logged. */
    List<PastRun> runsAsLogged() throws IOException {
        return chosen(PastRuns.asLogged(files, given()));
    }

    long seed() {
        return seed;
    }

    int threads() {
        return threads;
    }

    private List<PastRun> read(List<Path> paths) throws IOException {
        return chosen(PastRuns.read(paths, given()));
    }

    private GivenSchedules given() throws IOException {
        return schedules == null ? GivenSchedules.NONE : GivenSchedules.read(schedules);
    }

    private List<PastRun> chosen(List<PastRun> runs) {
        List<PastRun> chosen = runs.stream()
                .filter(run -> splits.isEmpty() || splits.contains(run.split()))
                .toList();
        if (chosen.isEmpty() && !runs.isEmpty()) {
            throw new IllegalArgumentException("--split " + String.join(", ", splits) + ": the files hold "
                    + runs.stream().map(PastRun::split).distinct().sorted().toList());
        }
        return chosen;
    }

    private HistoryChoice historyChoice() throws IOException {
        if (history.isEmpty()) {
            return leaveOut == LeaveOut.NONE ? new HistoryChoice.None() : new HistoryChoice.Others();
        }
        List<Path> paths = new ArrayList<>();
        for (String each : history) {
            HistoryChoice named = named(each);
            if (named == null) {
                paths.add(Path.of(each));
            } else if (history.size() > 1) {
                throw new IllegalArgumentException("--history " + each + " stands alone; only files go together");
            } else {
                return named;
            }
        }
        return new HistoryChoice.Given(read(paths));
    }

    private static @Nullable HistoryChoice named(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "none" -> new HistoryChoice.None();
            case "others" -> new HistoryChoice.Others();
            case "smaller" -> new HistoryChoice.Smaller(null, 0);
            case "earlier" -> new HistoryChoice.Earlier();
            default -> text.startsWith("smaller:") ? smaller(text) : file(text);
        };
    }

    /** Null for a file that is there. */
    private static @Nullable HistoryChoice file(String text) {
        if (!Files.exists(Path.of(text))) {
            throw new IllegalArgumentException("--history " + text + ": no such file, and not none, others, smaller,"
                    + " smaller:SIZE, smaller:SIZE+N or earlier");
        }
        return null;
    }

    private static HistoryChoice smaller(String text) {
        Matcher matcher = SMALLER.matcher(text);
        try {
            if (matcher.matches()) {
                double unit = Math.pow(1000, "kmbt".indexOf(matcher.group(2).toLowerCase(Locale.ROOT)) + 1.0);
                double params =
                        Double.parseDouble(matcher.group(1)) * (matcher.group(2).isEmpty() ? 1 : unit);
                int plus = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
                return new HistoryChoice.Smaller(params, plus);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException("--history " + text
                + ": write a size in parameters, such as smaller:200M, smaller:1.5e9 or smaller:200M+30");
    }
}
