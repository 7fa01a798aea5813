package io.straightedge.deploy.backtest.alarm;

import io.straightedge.ingest.history.PastRun;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which runs of a history saw the same data in the same order, where no file tells it. */
public final class DataOrders {

    private DataOrders() {}

    /**
     * The runs, with a data order each where a pattern says so.
     *
     * @param orders one pattern an order: names as the files have them, with commas between, * for anything
     * @throws IllegalArgumentException where fewer than two runs match a pattern
     */
    public static List<PastRun> of(List<PastRun> runs, List<String> orders) {
        List<PastRun> ordered = new ArrayList<>(runs);
        for (String order : orders) {
            Pattern names = Pattern.compile(
                    Stream.of(order.split(",", -1)).map(DataOrders::pattern).collect(Collectors.joining("|")));
            int matched = 0;
            for (int i = 0; i < ordered.size(); i++) {
                if (names.matcher(called(ordered.get(i))).matches()) {
                    ordered.set(i, ordered.get(i).onData(order));
                    matched++;
                }
            }
            if (matched < 2) {
                throw new IllegalArgumentException(
                        "--data-order " + order + " matches " + matched + " runs: it takes two to see the same data");
            }
        }
        return ordered;
    }

    private static String called(PastRun run) {
        PastRun.Origin origin = run.origin();
        return origin == null ? run.name() : origin.run();
    }

    private static String pattern(String glob) {
        return Stream.of(glob.strip().split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    }
}
