package io.straightedge.deploy.backtest;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.history.Donors;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.fitter.state.StudyReplay;
import io.straightedge.ingest.history.PastRun;
import io.straightedge.ingest.history.Truth;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.LossUnit;
import io.straightedge.protocol.run.StudyClock;
import io.straightedge.protocol.run.StudyDefinition;
import io.straightedge.protocol.run.TrainingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Lives one unit through: feeds a study, asks it, and asks the baselines, which see the same observations. One thread.
 *
 * <p>A run's standing at f is its last attempt up to the last step at or below f of the planned steps. What lies in the
 * file before a restart was seen too, as a live study saw it; of a log that holds a whole run before the last attempt,
 * only what follows.
 */
final class UnitReplay {

    private final BacktestChoices choices;
    private final Function<PastRun, Truth> truth;
    private final Runnable done;
    private final List<Trial> trials = new ArrayList<>();

    /**
     * @param truth what counts as a run's final loss
     * @param done called whenever a run has been fed
     */
    UnitReplay(BacktestChoices choices, Function<PastRun, Truth> truth, Runnable done) {
        this.choices = choices;
        this.truth = truth;
        this.done = done;
    }

    List<Trial> live(Unit unit) {
        StudyReplay study = null;
        for (Unit.Stage stage : unit.stages()) {
            for (PastRun run : stage.tested()) {
                study = study == null ? begin(unit, run) : study;
                test(study, run);
                done.run();
            }
            for (PastRun run : stage.learnt()) {
                study = study == null ? begin(unit, run) : study;
                for (TrainingEvent event : run.events()) {
                    study.apply(event);
                }
                study.apply(run.end(truth.apply(run)));
                done.run();
            }
        }
        return trials;
    }

    private static StudyReplay begin(Unit unit, PastRun any) {
        return new StudyReplay(new StudyDefinition(
                unit.study(),
                null,
                LossUnit.NATS,
                null,
                any.split(),
                null,
                List.of(),
                StudyClock.EVENT,
                null,
                Map.of()));
    }

    private void test(StudyReplay study, PastRun run) {
        List<LossObservation> losses = run.losses();
        int[] kept = run.lastAttempt();
        LrPlan plan = LrPlan.of(run.manifest().schedule(), run.plannedSteps());
        double finalLoss = run.truth(truth.apply(run));
        study.apply(run.manifest());
        int next = firstOfLastLog(run, kept);
        int seen = 0;
        for (double fraction : choices.fractions()) {
            while (seen < kept.length && losses.get(kept[seen]).step() <= fraction * run.plannedSteps()) {
                seen++;
            }
            for (; seen > 0 && next <= kept[seen - 1]; next++) {
                study.apply(losses.get(next));
            }
            trials.add(trial(study, run, fraction, finalLoss, Standing.of(run, kept, seen, plan)));
        }
        study.forget(run.name());
    }

    /** Where the file goes on after the last whole run before the last attempt; a study must not learn from it. */
    private static int firstOfLastLog(PastRun run, int[] kept) {
        boolean[] survives = new boolean[run.losses().size()];
        for (int i : kept) {
            survives[i] = true;
        }
        int first = 0;
        for (int i = 0; i < survives.length; i++) {
            if (!survives[i] && run.losses().get(i).step() >= run.plannedSteps() && i < lastRestart(kept)) {
                first = i + 1;
            }
        }
        return first;
    }

    /** The last place in the file where kept observations do not follow one another. */
    private static int lastRestart(int[] kept) {
        for (int i = kept.length - 1; i > 0; i--) {
            if (kept[i] != kept[i - 1] + 1) {
                return kept[i];
            }
        }
        return kept.length == 0 ? 0 : kept[0];
    }

    private Trial trial(StudyReplay study, PastRun run, double fraction, double finalLoss, Standing standing) {
        if (standing.size() == 0) {
            return new Trial(run, fraction, finalLoss, Map.of(), "no loss has come yet");
        }
        Outcome<CurveFit> forecast = study.forecast(run.name(), run.split());
        if (forecast instanceof Outcome.Refused<CurveFit> refused) {
            return new Trial(run, fraction, finalLoss, Map.of(), refused.reason());
        }
        Map<Method, Guess> guesses = Baselines.of(standing, choices.methods());
        CurveFit fit = ((Outcome.Found<CurveFit>) forecast).value();
        if (choices.methods().contains(Method.STRAIGHTEDGE)) {
            guesses.put(Method.STRAIGHTEDGE, Guess.of(fit.finalLoss()));
        }
        if (choices.methods().contains(Method.LAW)) {
            guesses.put(Method.LAW, Guess.of(fit.byItself()));
        }
        Donors.Moments recipe =
                choices.methods().contains(Method.RECIPE) ? study.byRecipe(run.name(), run.split()) : null;
        if (recipe != null) {
            guesses.put(Method.RECIPE, Guess.normal(recipe.mean(), recipe.sd()));
        }
        return new Trial(run, fraction, finalLoss, guesses, null);
    }
}
