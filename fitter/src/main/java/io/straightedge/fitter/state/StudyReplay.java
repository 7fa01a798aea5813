package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.history.Donors;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.StudyCommand;
import io.straightedge.protocol.run.StudyDefinition;
import io.straightedge.protocol.run.TrainingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A study fed by hand, for back-tests: the lane's own code for curves and forecasts, without Kafka, messages or laws.
 *
 * <p>A running run does not influence others before it ends, so one may be fed in parts, asked after each, and forgotten.
 * One thread.
 */
public final class StudyReplay {

    private final Study lane = Study.curvesOnly();
    private final StudyState study;
    private final List<Emission> dropped = new ArrayList<>();

    /** An empty study. */
    public StudyReplay(StudyDefinition definition) {
        study = new StudyState(definition.study());
        apply(definition);
    }

    /** A study whose deviations are wanted. */
    public static StudyReplay watching(StudyDefinition definition) {
        return new StudyReplay(definition);
    }

    /** Applies an event of the study; gives what the detectors say of it. */
    public List<Deviation> watch(TrainingEvent event) {
        lane.apply(study, event, -1, dropped);
        if (dropped.isEmpty()) {
            return List.of();
        }
        List<Deviation> found = dropped.stream()
                .filter(emission -> emission.topic().equals(Topics.DEVIATIONS) && emission.value() != null)
                .map(StudyReplay::deviation)
                .toList();
        dropped.clear();
        return found;
    }

    private static Deviation deviation(Emission emission) {
        try {
            return Json.read(Objects.requireNonNull(emission.value()), Deviation.class);
        } catch (MessageException e) {
            throw new IllegalStateException("a deviation cannot be read back", e);
        }
    }

    /** Applies an event of the study. */
    public void apply(TrainingEvent event) {
        lane.apply(study, event, -1, dropped);
        dropped.clear();
    }

    /** The forecast in force of a split of a run; refused in words where there is none. */
    public Outcome<CurveFit> forecast(String run, String split) {
        RunState state = study.runs.get(run);
        SplitState curve = state == null ? null : state.splits.get(split);
        return state == null || curve == null
                ? Outcome.refused("nothing has been seen of it")
                : lane.curves().fit(study, state, split, curve);
    }

    /** The final loss of a run by its recipe and the study's finished runs alone; null where too few have finished. */
    public Donors.@Nullable Moments byRecipe(String run, String split) {
        RunState state = study.runs.get(run);
        return state == null ? null : lane.curves().byRecipe(study, state, split);
    }

    /** Drops a run and all that was known of it. */
    public void forget(String run) {
        apply(StudyCommand.of(study.name, StudyCommand.Action.FORGET, run));
    }

    /** How many finished runs teach those that run. */
    public int finished(String split) {
        return lane.curves().history(study, split).size();
    }
}
