package io.straightedge.deploy.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * Does the advice on the next run pay? Pilots of published and of drawn ladders, replayed as advised, smallest first and in
 * random order.
 *
 * <p>Hypothesis: as advised, the largest run's loss is known as well as all pilots tell it for a smaller share of their FLOPs.
 * Prints tables of Markdown. Deterministic.
 */
final class NextRunStudy {

    private static final int RANDOM_ORDERS = 50;
    /** Where there are many runs or sets. */
    private static final int FEW_RANDOM_ORDERS = 5;

    private static final int THINNED = 8;
    private static final int DRAWS = 4;
    private static final double[] SHARES = {0.02, 0.05, 0.1, 0.2, 0.4, 1};

    private NextRunStudy() {}

    /** Prints the tables; the argument is the data folder. */
    public static void main(String[] arguments) throws IOException {
        Path data = Path.of(arguments[0]);
        if (Files.isDirectory(data)) {
            List<PilotSet> ladders = new ArrayList<>();
            for (String folder : PublishedRuns.FOLDERS) {
                ladders.addAll(PublishedRuns.read(data, folder));
            }
            print("Ladders", ladders, RANDOM_ORDERS);
            List<PilotSet> budgets = new ArrayList<>();
            for (String folder : PublishedIsoFlops.FOLDERS) {
                budgets.addAll(PublishedIsoFlops.read(data, folder));
            }
            print(
                    "IsoFLOP sets. The rules of the advice were chosen without replaying them; the size of its drift comes from"
                            + " misses published for some of them",
                    budgets,
                    FEW_RANDOM_ORDERS);
        } else {
            System.out.println("no published runs at " + data + ": only drawn ones");
        }
        printDrawn();
    }

    private static void print(String title, List<PilotSet> sets, int randomOrders) {
        System.out.printf("%n%s.%n", title);
        print(sets.parallelStream().map(set -> compared(set, randomOrders)).toList(), randomOrders);
        printThinned(sets);
    }

    /** A set replayed in each order. */
    record Comparison(PilotSet set, Replayed.Both advised, Replayed.Both smallestFirst, List<Replayed.Both> random) {

        Comparison {
            random = List.copyOf(random);
        }

        /** Median over the random orders. */
        double ofRandom(Function<Replayed.Both, Replayed> kind, ToDoubleFunction<Replayed> figure) {
            return quantile(kind, figure, 0.5);
        }

        double quantile(Function<Replayed.Both, Replayed> kind, ToDoubleFunction<Replayed> figure, double part) {
            double[] sorted =
                    random.stream().map(kind).mapToDouble(figure).sorted().toArray();
            return sorted[(int) Math.round(part * (sorted.length - 1))];
        }
    }

    static Comparison compared(PilotSet set, int randomOrders) {
        return new Comparison(
                set,
                Replayed.of(set, RunOrder.advised(set)),
                Replayed.of(set, RunOrder.smallestFirst(set)),
                LongStream.range(0, randomOrders)
                        .mapToObj(seed -> Replayed.of(set, RunOrder.random(set, seed)))
                        .toList());
    }

    private static void print(List<Comparison> comparisons, int randomOrders) {
        System.out.printf(
                Locale.ROOT,
                "%nShare of the pilots' FLOPs from which on the error at the target is within %.1f %% of the loss of all pilots'"
                        + " error; in brackets where it first is; random: median (quartiles) of %d orders.%n%n"
                        + "| set (pilots) | by | error of all | advised | smallest first | random |%n|---|---|---|---|---|---|%n",
                100 * Replayed.TOLERANCE,
                randomOrders);
        for (Comparison each : comparisons) {
            printShares(each, "law", Replayed.Both::law);
            printShares(each, "forecast", Replayed.Both::forecast);
        }
        System.out.printf(
                Locale.ROOT,
                "%nMean error over the logarithm of the share spent, from %.1f %% of the FLOPs to all, errors counted up to %.0f %%.%n%n"
                        + "| set | by | advised | smallest first | random, median |%n|---|---|---|---|---|%n",
                100 * Replayed.LEAST_SHARE,
                100 * Replayed.MOST_ERROR);
        for (Comparison each : comparisons) {
            printMeans(each, "law", Replayed.Both::law);
            printMeans(each, "forecast", Replayed.Both::forecast);
        }
    }

    private static void printShares(Comparison each, String by, Function<Replayed.Both, Replayed> kind) {
        Replayed advised = kind.apply(each.advised());
        Replayed smallest = kind.apply(each.smallestFirst());
        System.out.printf(
                Locale.ROOT,
                "| %s (%d) | %s | %+.2f %% | %.1f %% (%.1f) | %.1f %% (%.1f) | %.1f %% (%.1f, %.1f) |%n",
                each.set().name(),
                each.set().pilots().size(),
                by,
                100 * advised.errorAtEnd(),
                100 * advised.staysGood(),
                100 * advised.firstGood(),
                100 * smallest.staysGood(),
                100 * smallest.firstGood(),
                100 * each.ofRandom(kind, Replayed::staysGood),
                100 * each.quantile(kind, Replayed::staysGood, 0.25),
                100 * each.quantile(kind, Replayed::staysGood, 0.75));
    }

    private static void printMeans(Comparison each, String by, Function<Replayed.Both, Replayed> kind) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.2f %% | %.2f %% | %.2f %% |%n",
                each.set().name(),
                by,
                100 * kind.apply(each.advised()).meanError(),
                100 * kind.apply(each.smallestFirst()).meanError(),
                100 * each.ofRandom(kind, Replayed::meanError));
    }

    private static void printThinned(List<PilotSet> sets) {
        System.out.printf(
                Locale.ROOT,
                "%nMean size of the error after a share of the FLOPs, over %d replays of each set without a quarter of its pilots;"
                        + " geometric mean over the sets, then in how many of the replays the mean error is lower as advised.%n",
                THINNED);
        List<List<PilotSet>> replays = sets.stream()
                .map(set -> LongStream.range(0, THINNED).mapToObj(set::thinned).toList())
                .toList();
        printErrors(replays);
    }

    private static void printDrawn() {
        for (DrawnRuns.Layout layout : DrawnRuns.Layout.values()) {
            System.out.printf(
                    Locale.ROOT,
                    "%nThe same for %d drawn sets of the layout %s of each of %d truths.%n",
                    DRAWS,
                    layout,
                    DrawnRuns.TRUTHS.size());
            printErrors(DrawnRuns.TRUTHS.stream()
                    .map(truth -> LongStream.range(0, DRAWS)
                            .mapToObj(seed -> DrawnRuns.draw(truth, layout, seed))
                            .toList())
                    .toList());
        }
    }

    private static void printErrors(List<List<PilotSet>> groups) {
        List<List<Comparison>> compared = groups.parallelStream()
                .map(group -> group.stream()
                        .map(set -> compared(set, FEW_RANDOM_ORDERS))
                        .toList())
                .toList();
        System.out.printf("%n| by | order |");
        for (double share : SHARES) {
            System.out.printf(Locale.ROOT, " %.0f %% |", 100 * share);
        }
        System.out.printf(" mean | better |%n|---|---|%s---|---|%n", "---|".repeat(SHARES.length));
        printErrors(compared, "law", Replayed.Both::law);
        printErrors(compared, "forecast", Replayed.Both::forecast);
    }

    private static void printErrors(List<List<Comparison>> groups, String by, Function<Replayed.Both, Replayed> kind) {
        long better = groups.stream()
                .flatMap(List::stream)
                .filter(each -> kind.apply(each.advised()).meanError()
                        < kind.apply(each.smallestFirst()).meanError())
                .count();
        long all = groups.stream().mapToLong(List::size).sum();
        printErrors(groups, by + " | advised", each -> List.of(each.advised()), kind, better + " of " + all);
        printErrors(groups, by + " | smallest first", each -> List.of(each.smallestFirst()), kind, "");
        printErrors(groups, by + " | random", Comparison::random, kind, "");
    }

    private static void printErrors(
            List<List<Comparison>> groups,
            String label,
            Function<Comparison, List<Replayed.Both>> orders,
            Function<Replayed.Both, Replayed> kind,
            String better) {
        StringBuilder row = new StringBuilder("| " + label + " |");
        for (double share : SHARES) {
            row.append(percent(groups, orders, each -> kind.apply(each).errorAt(share)));
        }
        row.append(percent(groups, orders, each -> kind.apply(each).meanError()));
        System.out.println(row + " " + better + " |");
    }

    private static String percent(
            List<List<Comparison>> groups,
            Function<Comparison, List<Replayed.Both>> orders,
            ToDoubleFunction<Replayed.Both> figure) {
        double mean = geometricMean(
                groups,
                each -> orders.apply(each).stream()
                        .mapToDouble(figure)
                        .average()
                        .orElse(Double.NaN));
        return String.format(Locale.ROOT, " %.2f %% |", 100 * mean);
    }

    /** Over groups, of the mean within each. */
    static double geometricMean(List<List<Comparison>> groups, ToDoubleFunction<Comparison> figure) {
        return Math.exp(groups.stream()
                .mapToDouble(group ->
                        Math.log(group.stream().mapToDouble(figure).average().orElse(Double.NaN)))
                .average()
                .orElse(Double.NaN));
    }
}
