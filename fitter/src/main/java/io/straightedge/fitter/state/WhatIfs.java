package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.Detour;
import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.curve.LrSeen;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.fit.WhatIf;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import io.straightedge.protocol.run.StudyCommand;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Forecasts a run under the other plans that were asked about.
 *
 * <p>The run keeps the learning rate that it has had, and follows the other plan from where it was last fitted: the same
 * bins, their features taken from the joined plan. An answer is a function of those bins, the manifest and the question
 * alone. About 2 ms a question, at each new fit of a run that has any.
 */
final class WhatIfs {

    /** Questions kept of a run: one more takes the place of the oldest. */
    static final int MOST = 8;

    static final int REST_POINTS = 16;

    /** The forecast of a split from bins of its curve under a plan. */
    interface Forecasting {
        Outcome<CurveFit> fit(SplitState split, LogBins bins, LrPlan plan);
    }

    /** What was answered beside the fit in force. */
    record Answered(Outcome<CurveFit> fit, List<WhatIf> answers) {}

    private final Forecasting forecasting;

    WhatIfs(Forecasting forecasting) {
        this.forecasting = forecasting;
    }

    /** Puts a question in place of the one of its name, or takes that off when it holds no plan. */
    static void ask(RunState run, StudyCommand command) {
        Map<String, StudyCommand> asked = run.whatIf;
        String name = String.valueOf(command.name());
        if (!command.hasPlan()) {
            asked.remove(name);
        } else {
            if (!asked.containsKey(name) && asked.size() >= MOST) {
                asked.remove(asked.keySet().iterator().next());
            }
            asked.put(name, command);
        }
        run.whatIfDirty = true;
        run.dirty = true;
        run.splits.values().forEach(split -> split.answered = null);
    }

    /** An answer to each question, in the order asked. */
    List<WhatIf> answers(RunState run, SplitState split, Outcome<CurveFit> fit, double tokensPerStep) {
        if (run.whatIf.isEmpty()) {
            return List.of();
        }
        Answered before = split.answered;
        if (before != null && before.fit() == fit && !run.status.ended()) {
            return before.answers();
        }
        List<WhatIf> answers = run.whatIf.values().stream()
                .map(asked -> answer(run, split, asked, tokensPerStep))
                .toList();
        split.answered = new Answered(fit, answers);
        return answers;
    }

    private WhatIf answer(RunState run, SplitState split, StudyCommand asked, double tokensPerStep) {
        LrPlan own = run.plan();
        RunManifest manifest = run.manifest();
        Schedule schedule = manifest == null ? null : manifest.schedule();
        Long end = end(asked, own);
        if (run.status.ended()) {
            return refused(asked, end, schedule, "the run has ended");
        }
        if (end == null) {
            return refused(asked, null, schedule, "where this plan ends is not known: give plannedSteps");
        }
        long from = Math.max(0, split.fitStep);
        if (end <= from) {
            return refused(asked, end, schedule, passed(end, "this plan ends"));
        }
        Long cooldownFrom = asked.cooldownFrom();
        if (cooldownFrom != null && cooldownFrom < from) {
            return refused(asked, end, schedule, passed(cooldownFrom, "the cooldown was to begin"));
        }
        if (cooldownFrom != null && end <= cooldownFrom) {
            return refused(asked, end, schedule, "this plan ends before its cooldown begins: give plannedSteps");
        }
        LrPlan plan = plan(asked, own, schedule, run.planned, from, end);
        Outcome<CurveFit> outcome = forecasting.fit(split, split.fitted, plan);
        if (outcome instanceof Outcome.Found<CurveFit> found) {
            CurveFit fit = found.value();
            return new WhatIf(
                    String.valueOf(asked.name()),
                    end,
                    kind(asked, schedule),
                    cooldownFrom,
                    fit.finalLoss(),
                    run.counted(fit.rest(REST_POINTS, tokensPerStep)),
                    null);
        }
        String reason = outcome instanceof Outcome.Refused<CurveFit> refused ? refused.reason() : "no forecast";
        return refused(asked, end, schedule, reason);
    }

    private static LrPlan plan(
            StudyCommand asked, @Nullable LrPlan own, @Nullable Schedule schedule, LrSeen seen, long from, long end) {
        LrPlan before = own == null ? LrPlan.of(schedule, end, seen) : own;
        Long cooldownFrom = asked.cooldownFrom();
        return cooldownFrom != null
                ? Detour.cooldown(before, schedule, cooldownFrom, end)
                : Detour.to(before, schedule, seen, from, asked.schedule(), end);
    }

    private static @Nullable Long end(StudyCommand asked, @Nullable LrPlan own) {
        if (asked.plannedSteps() != null) {
            return asked.plannedSteps();
        }
        if (asked.cooldownFrom() != null && asked.cooldownSteps() != null) {
            return asked.cooldownFrom() + asked.cooldownSteps();
        }
        return own == null ? null : own.plannedSteps();
    }

    private static @Nullable ScheduleKind kind(StudyCommand asked, @Nullable Schedule own) {
        if (asked.cooldownFrom() != null) {
            return ScheduleKind.WSD;
        }
        Schedule schedule = asked.schedule() == null ? own : asked.schedule();
        return schedule == null ? null : schedule.kind();
    }

    private static WhatIf refused(StudyCommand asked, @Nullable Long end, @Nullable Schedule own, String reason) {
        return new WhatIf(
                String.valueOf(asked.name()), end, kind(asked, own), asked.cooldownFrom(), null, List.of(), reason);
    }

    private static String passed(long step, String what) {
        return String.format(Locale.ROOT, "the run has passed step %,d, where %s", step, what);
    }
}
