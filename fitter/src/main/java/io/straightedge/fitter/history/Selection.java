package io.straightedge.fitter.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which runs of a long history a regression takes: of every size as many as of the others, all of those that have fewer,
 * and of one size evenly over the time in which they ended.
 */
final class Selection {

    private Selection() {}

    /** Places of at most {@code most} of the runs, rising. */
    static List<Integer> of(List<FinishedRun> runs, int most) {
        Map<Double, List<Integer>> sizes = new TreeMap<>();
        for (int i = 0; i < runs.size(); i++) {
            sizes.computeIfAbsent(runs.get(i).recipe().logParams(), unseen -> new ArrayList<>())
                    .add(i);
        }
        int quota = quota(sizes.values(), most);
        List<Integer> chosen = new ArrayList<>();
        sizes.values().forEach(places -> {
            int n = Math.min(quota, places.size());
            for (int i = 0; i < n; i++) {
                chosen.add(places.get((int) ((i + .5) * places.size() / n)));
            }
        });
        return chosen.stream().sorted().toList();
    }

    /** The largest share of a size with which all fit. */
    private static int quota(Iterable<List<Integer>> sizes, int most) {
        int quota = most;
        while (quota > 1) {
            int total = 0;
            for (List<Integer> places : sizes) {
                total += Math.min(quota, places.size());
            }
            if (total <= most) {
                break;
            }
            quota--;
        }
        return quota;
    }
}
