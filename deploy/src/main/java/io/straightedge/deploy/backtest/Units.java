package io.straightedge.deploy.backtest;

import io.straightedge.deploy.backtest.Unit.Stage;
import io.straightedge.ingest.history.PastRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Arranges runs so that each is tested with the history it may have, and a run of the history is fed as rarely as can
 * be.
 */
final class Units {

    private final BacktestChoices choices;
    private final HistoryChoice history;
    private final SkippedRuns skipped;

    /** @param history the choices', without runs that cannot be used */
    Units(BacktestChoices choices, HistoryChoice history, SkippedRuns skipped) {
        this.choices = choices;
        this.history = history;
        this.skipped = skipped;
    }

    /** The units of all studies. */
    List<Unit> of(List<PastRun> runs) {
        List<Unit> units = new ArrayList<>();
        by(runs, PastRun::study).forEach((study, own) -> units.addAll(study(study, own)));
        return units.stream().filter(unit -> unit.tested() > 0).toList();
    }

    private List<Unit> study(String study, List<PastRun> runs) {
        Set<PastRun> chosen = chosen(runs);
        if (history instanceof HistoryChoice.Given given) {
            return given(study, sampled(runs, chosen), given.runs());
        } else if (history instanceof HistoryChoice.None || choices.leaveOut() == LeaveOut.SOURCE) {
            return List.of(new Unit(study, List.of(Stage.test(sampled(runs, chosen)))));
        } else if (history instanceof HistoryChoice.Smaller smaller) {
            return smaller.params() == null
                    ? List.of(bySize(study, runs, chosen))
                    : List.of(split(study, runs, chosen, smaller));
        } else if (history instanceof HistoryChoice.Earlier) {
            return earlier(study, runs, chosen);
        }
        Function<PastRun, String> left = choices.leaveOut() == LeaveOut.RUN ? PastRun::name : PastRun::group;
        return by(runs, left).values().stream()
                .map(own -> new Unit(study, List.of(Stage.learn(without(runs, own)), Stage.test(sampled(own, chosen)))))
                .toList();
    }

    private List<Unit> given(String study, List<PastRun> tested, List<PastRun> given) {
        PastRun any = tested.get(0);
        Stream<PastRun> sameSplit = given.stream().filter(run -> run.split().equals(any.split()));
        List<PastRun> usable = sameSplit
                .filter(run ->
                        choices.leaveOut() != LeaveOut.SOURCE || !run.source().equals(any.source()))
                .toList();
        List<PastRun> sameSource =
                usable.stream().filter(run -> run.source().equals(any.source())).toList();
        Set<String> names = tested.stream().map(PastRun::name).collect(Collectors.toSet());
        List<PastRun> history = (sameSource.isEmpty() ? usable : sameSource)
                .stream()
                        .filter(run -> !names.contains(run.name()))
                        .map(run -> run.in(study))
                        .toList();
        if (!choices.leavesGroupOut()) {
            return List.of(new Unit(study, List.of(Stage.learn(history), Stage.test(tested))));
        }
        return by(tested, PastRun::group).entrySet().stream()
                .map(group -> new Unit(
                        study,
                        List.of(
                                Stage.learn(history.stream()
                                        .filter(run -> !run.group().equals(group.getKey()))
                                        .toList()),
                                Stage.test(group.getValue()))))
                .toList();
    }

    /** Runs by rising size, each tested with all smaller ones known. */
    private Unit bySize(String study, List<PastRun> runs, Set<PastRun> chosen) {
        TreeMap<Double, List<PastRun>> sizes = new TreeMap<>();
        for (PastRun run : sized(runs)) {
            sizes.computeIfAbsent(Objects.requireNonNull(run.size()), unseen -> new ArrayList<>())
                    .add(run);
        }
        return new Unit(
                study,
                sizes.values().stream()
                        .map(own -> new Stage(sampled(own, chosen), own))
                        .toList());
    }

    private Unit split(String study, List<PastRun> runs, Set<PastRun> chosen, HistoryChoice.Smaller smaller) {
        double params = Objects.requireNonNull(smaller.params());
        List<PastRun> history = new ArrayList<>();
        List<PastRun> larger = new ArrayList<>();
        for (PastRun run : sized(runs)) {
            (Objects.requireNonNull(run.size()) < params ? history : larger).add(run);
        }
        List<PastRun> added = drawn(larger, smaller.plus());
        List<PastRun> tested = without(larger, added);
        history.addAll(added);
        return new Unit(study, List.of(Stage.learn(history), Stage.test(sampled(tested, chosen))));
    }

    private List<Unit> earlier(String study, List<PastRun> runs, Set<PastRun> chosen) {
        if (!choices.leavesGroupOut()) {
            return List.of(new Unit(
                    study,
                    runs.stream()
                            .map(run -> new Stage(sampled(List.of(run), chosen), List.of(run)))
                            .toList()));
        }
        return by(runs, PastRun::group).keySet().stream()
                .map(group -> new Unit(
                        study,
                        runs.stream()
                                .map(run -> run.group().equals(group)
                                        ? Stage.test(sampled(List.of(run), chosen))
                                        : Stage.learn(List.of(run)))
                                .toList()))
                .toList();
    }

    private List<PastRun> sized(List<PastRun> runs) {
        return runs.stream()
                .filter(run -> {
                    boolean known = run.size() != null;
                    if (!known) {
                        skipped.add(run, "the model's size is not known", null);
                    }
                    return known;
                })
                .toList();
    }

    private Set<PastRun> chosen(List<PastRun> runs) {
        return identity(choices.sample() == 0 ? runs : drawn(runs, choices.sample()));
    }

    /** {@code n} of the runs, in their order; which, depends on the seed and the runs' number alone. */
    private List<PastRun> drawn(List<PastRun> runs, int n) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(choices.seed()));
        return order.stream().limit(n).sorted().map(runs::get).toList();
    }

    private static List<PastRun> sampled(List<PastRun> runs, Set<PastRun> chosen) {
        return runs.stream().filter(chosen::contains).toList();
    }

    private static List<PastRun> without(List<PastRun> runs, Collection<PastRun> left) {
        Set<PastRun> gone = identity(left);
        return runs.stream().filter(run -> !gone.contains(run)).toList();
    }

    private static Set<PastRun> identity(Collection<PastRun> runs) {
        Set<PastRun> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(runs);
        return set;
    }

    private static <K> Map<K, List<PastRun>> by(List<PastRun> runs, Function<PastRun, K> key) {
        Map<K, List<PastRun>> groups = new LinkedHashMap<>();
        runs.forEach(run -> groups.computeIfAbsent(key.apply(run), unseen -> new ArrayList<>())
                .add(run));
        return groups;
    }
}
