package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.detect.DepartureRule;
import io.straightedge.fitter.detect.DepartureRule.Departure;
import io.straightedge.fitter.detect.LawJumpRule;
import io.straightedge.fitter.detect.UnitRule;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.fitter.state.Findings.Finding;
import io.straightedge.fitter.state.Findings.Place;
import io.straightedge.fitter.state.Siblings.AtPlace;
import io.straightedge.fitter.state.Siblings.Foretold;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation.Phase;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.law.SurfaceLaw;
import io.straightedge.protocol.run.ParameterCount;
import io.straightedge.protocol.run.RunManifest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is seen of a run only beside the others of its study, on the split that feeds the law.
 *
 * <p>Its own forecast, not informed by others, is held against what the finished ones foretell: each time that the forecast is
 * made again, and its last loss once when it ends.
 */
final class CrossRunDetection {

    /** Forecasts count from this part of the plan on. */
    private static final double LEAST_FRACTION = .1;

    /** Parts of the plan at which the shape of the curve is looked at. */
    private static final double[] SHAPES_AT = {.25, .36, .5, .71, .9};

    private static final double WITHIN_95 = 1.96;

    private final Findings findings;
    private final CurveUpdates curves;

    CrossRunDetection(Findings findings, CurveUpdates curves) {
        this.findings = findings;
        this.curves = curves;
    }

    private Siblings siblings(StudyState study, @Nullable RunState without) {
        Siblings known = study.siblings;
        if (known == null || study.siblingsStale || without != null) {
            known = Siblings.of(study, curves, without, known);
            study.siblings = known;
            study.siblingsStale = without != null;
        }
        return known;
    }

    /** Whether the run and its split are looked at. */
    private static boolean counts(Place place) {
        return !place.run().excluded && place.split().equals(place.study().primarySplit());
    }

    /** The forecast of a running run was made again: {@code own} by its curve alone. */
    void forecast(Place place, CurveFit own, List<Emission> out) {
        RunState run = place.run();
        double fraction = place.curve().lastStep / (double) Math.max(1, run.plannedSteps());
        boolean early = fraction < LEAST_FRACTION;
        if (early || run.status != RunStatus.RUNNING || !counts(place) || hasUnit(place)) {
            return;
        }
        Forecast end = own.byItself();
        double sd = Math.max(end.scale(), (end.upper95() - end.mean()) / WITHIN_95);
        double tests = 1 + Math.log(Math.min(1, fraction) / LEAST_FRACTION) / Math.log(2);
        judge(place, siblings(place.study(), null), end.mean(), sd, run.plannedTokens(), tests, "is forecast at", out);
    }

    /** The run has finished: its last loss is judged, and what is found is over with it. */
    void finish(Place place, String why, List<Emission> out) {
        RunState run = place.run();
        SplitState split = place.curve();
        if (counts(place) && split.observedFinal > 0 && !hasUnit(place)) {
            Siblings before = siblings(place.study(), run);
            double tokens = StudyPoints.tokensSeen(run, split);
            judge(place, before, split.observedFinal, 0, tokens, 1, "is", out);
            end(place, why, out);
            Siblings after = Siblings.of(place.study(), curves, null, before);
            if (after != before) {
                jump(place, before, after, out);
            }
            place.study().siblings = after;
            place.study().siblingsStale = true;
        }
    }

    private void judge(
            Place place,
            Siblings siblings,
            double loss,
            double sd,
            double tokens,
            double tests,
            String is,
            List<Emission> out) {
        SplitState split = place.curve();
        CrossRun known = split.crossRun;
        boolean on = known != null && known.law.departs();
        Double params = place.run().params();
        if (params == null) {
            // Runs of sizes that nobody told foretell nothing.
            return;
        }
        Foretold foretold = siblings.byLaw(params, tokens, StudyPoints.decays(place.run()));
        Departure seen = foretold == null ? null : foretold.departure(loss, sd);
        if (seen == null || on || DepartureRule.begins(seen, tests)) {
            Foretold byRecipe = siblings.byRecipe(place.run());
            if (byRecipe != null) {
                Departure other = byRecipe.departure(loss, sd);
                boolean explains = seen == null || Math.abs(other.sizeNats()) < Math.abs(seen.sizeNats());
                foretold = explains || foretold == null ? byRecipe : foretold;
                seen = seen == null ? other : seen.explainedBy(other);
            }
        }
        if (seen == null || foretold == null || (!on && !DepartureRule.begins(seen, tests))) {
            return;
        }
        CrossRun found = known(split);
        String message = String.format(
                Locale.ROOT,
                "its final loss %s %.4f, %.4f nats (%.1f sigma) %s the %.4f foretold by %s",
                is,
                loss,
                Math.abs(seen.sizeNats()),
                Math.abs(seen.sizeNats() / seen.scale()),
                seen.sizeNats() < 0 ? "below" : "above",
                foretold.mean(),
                foretold.by());
        switch (found.law.judge(split.lastStep, seen, tests, observations(split))) {
            case BEGAN -> tell(place, Detector.OFF_LAW, found.law, seen.scale(), Phase.BEGAN, message, out);
            case GREW -> tell(place, Detector.OFF_LAW, found.law, seen.scale(), Phase.GOES_ON, message, out);
            case ENDED ->
                tell(
                        place,
                        Detector.OFF_LAW,
                        found.law,
                        seen.scale(),
                        Phase.ENDED,
                        "it is back where others foretell it",
                        out);
            case CALM, ON -> {}
        }
        split.crossDirty = true;
    }

    private static CrossRun known(SplitState split) {
        CrossRun known = split.crossRun == null ? new CrossRun() : split.crossRun;
        split.crossRun = known;
        split.crossDirty = true;
        return known;
    }

    /** Whether the run's loss, or its N, is not what the study's is. */
    static boolean isUnlike(StudyState study, RunState run) {
        SplitState split = run.splits.get(study.primarySplit());
        return countsOtherwise(study, run) || (split != null && split.crossRun != null && split.crossRun.unit != null);
    }

    /** Whether the run's manifest says that its N counts something else than the study's. */
    static boolean countsOtherwise(StudyState study, RunState run) {
        ParameterCount own = ownCount(run);
        ParameterCount all = study.definition.paramsCount();
        return own != null && all != null && own != all;
    }

    private static @Nullable ParameterCount ownCount(RunState run) {
        RunManifest manifest = run.manifest();
        return manifest == null ? null : manifest.paramsCount();
    }

    /** What is known of the run or its study was told anew; {@code before}: whether its N counted something else. */
    void told(Place place, boolean before, List<Emission> out) {
        boolean now = countsOtherwise(place.study(), place.run());
        if (now != before) {
            String message = now
                    ? String.format(
                            Locale.ROOT,
                            "N of this run counts %s parameters, the study's %s: one law cannot hold of both; send the run's N as"
                                    + " the study counts it",
                            words(ownCount(place.run())),
                            words(place.study().definition.paramsCount()))
                    : "N counts what the study's does";
            findings.emit(place, Finding.of(Detector.UNIT_MISMATCH, now ? Phase.BEGAN : Phase.ENDED, 0, message), out);
        }
    }

    private static String words(@Nullable ParameterCount count) {
        return count == null ? "unknown" : count.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean hasUnit(Place place) {
        CrossRun known = place.curve().crossRun;
        return known != null && known.unit != null;
    }

    private static long observations(SplitState split) {
        long observations = 0;
        for (int i = 0; i < split.bins.size(); i++) {
            observations += split.bins.count(i);
        }
        return observations;
    }

    private void tell(
            Place place,
            Detector detector,
            DepartureRule rule,
            double scale,
            Phase phase,
            String message,
            List<Emission> out) {
        Finding finding = new Finding(
                detector,
                phase,
                rule.onsetStep(),
                Math.abs(rule.sigmas()),
                rule.sizeNats(),
                scale,
                Math.pow(10, rule.rarity()),
                0,
                message);
        findings.emit(place, finding, out);
    }

    /** The {@code at}-th bin of a running run has closed. */
    void closed(Place place, int at, List<Emission> out) {
        if (place.run().status == RunStatus.RUNNING && counts(place)) {
            unit(place, at, out);
            ladder(place, at, out);
        }
    }

    private void unit(Place place, int at, List<Emission> out) {
        SplitState split = place.curve();
        int n = at + 1;
        CrossRun known = split.crossRun;
        boolean due = n >= UnitRule.LEAST_BINS && n <= UnitRule.MOST_BINS;
        if (!due || hasUnit(place) || (known != null && known.unitAccepted)) {
            return;
        }
        LogBins bins = split.bins;
        double[] losses = new double[n];
        double[] steps = new double[n];
        for (int i = 0; i < n; i++) {
            losses[i] = bins.mean(i);
            steps[i] = bins.meanStep(i);
        }
        UnitRule.Unit unit = null;
        int runs = 0;
        // Batches differ by sizes, learning rates warm up by steps: either may be what makes early losses alike.
        for (boolean byTokens : new boolean[] {false, true}) {
            boolean usual =
                    SiblingLevels.anyNear(place.study(), place.run(), place.split(), steps[at], losses[at], byTokens);
            if (unit == null && !usual) {
                double[][] others = SiblingLevels.beside(place.study(), place.run(), place.split(), bins, n, byTokens);
                unit = UnitRule.beside(losses, others);
                runs = Math.max(runs, others[0].length);
            } else if (usual) {
                runs = UnitRule.LEAST_RUNS;
            }
        }
        String by = "beside " + runs + " other runs after as many steps or tokens";
        if (unit == null && runs < UnitRule.LEAST_RUNS) {
            RunManifest manifest = place.run().manifest();
            unit = UnitRule.byVocabulary(losses, steps, manifest == null ? null : manifest.vocabularySize());
            by = "beside ln of the vocabulary, where training begins";
        }
        if (unit != null) {
            CrossRun found = known(split);
            found.unit = unit;
            found.unitStep = split.lastStep;
            String message = String.format(
                    Locale.ROOT, "the loss is %.3f, which %s looks like %s", losses[at], by, unit.words());
            findings.emit(place, Finding.of(Detector.UNIT_MISMATCH, Phase.BEGAN, found.unitStep, message), out);
        }
    }

    private void ladder(Place place, int at, List<Emission> out) {
        SplitState split = place.curve();
        LrPlan plan = place.run().plan();
        int passed = plan == null || at < 1 ? -1 : passed(split.bins, at, plan.plannedSteps());
        if (passed < 0 || hasUnit(place)) {
            return;
        }
        Departure seen = siblings(place.study(), null).shape(place.run(), split, split.bins.meanStep(at));
        CrossRun known = split.crossRun;
        double tests = passed + 1.;
        boolean on = known != null && known.ladder.departs();
        if (seen == null || (!on && !DepartureRule.begins(seen, tests))) {
            return;
        }
        CrossRun found = known(split);
        String message = String.format(
                Locale.ROOT,
                "since half as many steps the loss has fallen by %.4f nats (%.1f sigma) %s than in finished runs with such a"
                        + " learning rate",
                Math.abs(seen.sizeNats()),
                Math.abs(seen.sizeNats() / seen.scale()),
                seen.sizeNats() > 0 ? "less" : "more");
        switch (found.ladder.judge(split.lastStep, seen, tests, observations(split))) {
            case BEGAN -> tell(place, Detector.OFF_LADDER, found.ladder, seen.scale(), Phase.BEGAN, message, out);
            case GREW -> tell(place, Detector.OFF_LADDER, found.ladder, seen.scale(), Phase.GOES_ON, message, out);
            case ENDED -> {
                String why = "its curve has the shape of the others again";
                tell(place, Detector.OFF_LADDER, found.ladder, seen.scale(), Phase.ENDED, why, out);
            }
            case CALM, ON -> {}
        }
    }

    /** Which of the parts of the plan the bin is the first to have reached; -1 for none. */
    private static int passed(LogBins bins, int at, long planned) {
        for (int i = 0; i < SHAPES_AT.length; i++) {
            double step = SHAPES_AT[i] * planned;
            if (bins.meanStep(at) >= step && bins.meanStep(at - 1) < step) {
                return i;
            }
        }
        return -1;
    }

    /** Whether the run that has finished has moved the law where it matters. */
    private void jump(Place place, Siblings before, Siblings after, List<Emission> out) {
        LawFit was = before.law();
        LawFit is = after.law();
        if (was == null || is == null || was.points() == is.points()) {
            return;
        }
        RunState largest = null;
        for (RunState run : place.study().runs.values()) {
            boolean larger = flops(run) > 0 && (largest == null || flops(run) > flops(largest));
            largest = larger ? run : largest;
        }
        double budget = place.study().definition.budgetsFlops().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(largest == null ? Double.NaN : flops(largest));
        if (!(budget > 0) || !(was.law() instanceof SurfaceLaw earlier) || !(is.law() instanceof SurfaceLaw later)) {
            return;
        }
        var then = earlier.optimum(budget);
        var now = later.optimum(budget);
        AtPlace at = before.lawAt(then.params(), then.tokens());
        double after2 = later.loss(then.params(), then.tokens());
        boolean loss = at != null && LawJumpRule.lossJumps(at.loss(), after2, at.sd(), at.freedom());
        boolean size = LawJumpRule.sizeJumps(then.params(), now.params(), was.points());
        if (loss || size) {
            String message = String.format(
                    Locale.ROOT,
                    "its end has moved the law: at %.3g FLOPs the loss from %.4f to %.4f, the best N from %.3g to %.3g; its"
                            + " own final loss is %.4f",
                    budget,
                    then.loss(),
                    now.loss(),
                    then.params(),
                    now.params(),
                    place.curve().observedFinal);
            findings.emit(place, Finding.of(Detector.LAW_JUMP, Phase.BEGAN, place.step(), message), out);
        }
    }

    private static double flops(RunState run) {
        Double params = run.params();
        return params == null ? Double.NaN : 6 * params * run.plannedTokens();
    }

    /** What was found and still goes on is over. */
    void end(Place place, String why, List<Emission> out) {
        close(place, why, false, out);
    }

    /** A person takes the run for what it is. */
    void accept(Place place, String why, List<Emission> out) {
        if (place.split().equals(place.study().primarySplit())) {
            CrossRun known = known(place.curve());
            close(place, why, true, out);
            known.unitAccepted = true;
        }
    }

    private void close(Place place, String why, boolean forGood, List<Emission> out) {
        CrossRun known = place.curve().crossRun;
        if (known == null) {
            return;
        }
        if (known.law.departs()) {
            tell(place, Detector.OFF_LAW, known.law, Double.NaN, Phase.ENDED, why, out);
        }
        if (known.ladder.departs()) {
            tell(place, Detector.OFF_LADDER, known.ladder, Double.NaN, Phase.ENDED, why, out);
        }
        if (known.unit != null && (forGood || place.run().status != RunStatus.FINISHED)) {
            // A finished run keeps its unit, which keeps it out of what is foretold of others.
            findings.emit(place, Finding.of(Detector.UNIT_MISMATCH, Phase.ENDED, known.unitStep, why), out);
            known.unit = null;
        }
        known.law.end(forGood);
        known.ladder.end(forGood);
        place.curve().crossDirty = true;
    }
}
