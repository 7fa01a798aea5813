package io.straightedge.deploy.backtest;

import io.straightedge.ingest.history.PastRun;
import java.util.ArrayList;
import java.util.List;

/**
 * One study's life in a back-test: stages one after the other, in each of which runs are tested and then others end.
 *
 * @param study its name
 */
record Unit(String study, List<Stage> stages) {

    /**
     * A stage.
     *
     * @param tested runs that are forecast from part of them and forgotten
     * @param learnt runs that go to their ends afterwards and belong to the history from then on
     */
    record Stage(List<PastRun> tested, List<PastRun> learnt) {
        Stage {
            tested = List.copyOf(tested);
            learnt = List.copyOf(learnt);
        }

        static Stage learn(List<PastRun> runs) {
            return new Stage(List.of(), runs);
        }

        static Stage test(List<PastRun> runs) {
            return new Stage(runs, List.of());
        }
    }

    Unit {
        stages = List.copyOf(stages);
    }

    /** How many runs are fed, in whole or in part. */
    long work() {
        return stages.stream()
                .mapToLong(
                        stage -> stage.tested().size() + (long) stage.learnt().size())
                .sum();
    }

    long tested() {
        return stages.stream().mapToLong(stage -> stage.tested().size()).sum();
    }

    /** The same work as {@code n} units that share the tests; each learns all the history. */
    List<Unit> split(int n) {
        List<Unit> units = new ArrayList<>();
        for (int part = 0; part < n; part++) {
            int own = part;
            units.add(new Unit(
                    study,
                    stages.stream()
                            .map(stage -> new Stage(every(stage.tested(), own, n), stage.learnt()))
                            .toList()));
        }
        return units;
    }

    private static List<PastRun> every(List<PastRun> runs, int first, int stride) {
        List<PastRun> some = new ArrayList<>();
        for (int i = first; i < runs.size(); i += stride) {
            some.add(runs.get(i));
        }
        return some;
    }
}
