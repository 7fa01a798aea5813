package io.straightedge.deploy.study;

import io.straightedge.publisher.predict.Candidate;
import io.straightedge.publisher.predict.NextRun;
import io.straightedge.publisher.predict.NextRuns;
import io.straightedge.publisher.predict.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Orders in which the pilots of a set could be made. */
final class RunOrder {

    /** The most told per FLOP. */
    private static final double COST_EXPONENT = 1;

    private RunOrder() {}

    static List<PilotRun> smallestFirst(PilotSet set) {
        return set.pilots().stream()
                .sorted(Comparator.comparingDouble(PilotRun::flops))
                .toList();
    }

    static List<PilotRun> random(PilotSet set, long seed) {
        List<PilotRun> order = new ArrayList<>(set.pilots());
        Collections.shuffle(order, new Random(seed));
        return order;
    }

    /** Each run the one that {@link NextRuns} names once those before it are known. */
    static List<PilotRun> advised(PilotSet set) {
        Target target = new Target.Run(set.target().params(), set.target().tokens());
        List<PilotRun> left = new ArrayList<>(set.pilots());
        List<PilotRun> made = new ArrayList<>();
        while (!left.isEmpty()) {
            List<Candidate> candidates = left.stream()
                    .map(run -> new Candidate(run.params(), run.tokens()))
                    .toList();
            NextRuns next = NextRuns.among(PilotLaw.of(made).estimate(), target, candidates, COST_EXPONENT);
            NextRun best = next.best().get(0);
            PilotRun chosen = left.stream()
                    .filter(run -> run.params() == best.params() && run.tokens() == best.tokens())
                    .findFirst()
                    .orElseThrow();
            left.remove(chosen);
            made.add(chosen);
        }
        return made;
    }
}
