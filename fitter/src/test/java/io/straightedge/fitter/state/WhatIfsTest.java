package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.WhatIf;
import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import io.straightedge.protocol.run.StudyCommand;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WhatIfsTest {

    private static final Schedule COSINE = Schedule.of(ScheduleKind.COSINE, 100L, 1e-3);

    /** A run whose losses do not know its plan, seen up to a step. */
    private static Fed fed(@Nullable Long plannedSteps, Schedule schedule, long seen) {
        Fed fed = new Fed();
        fed.event(RunManifest.of(Fed.STUDY, Fed.RUN, 1e8, plannedSteps, 1e5, schedule));
        steps(fed, 1, seen);
        return fed;
    }

    private static void steps(Fed fed, long from, long to) {
        Random random = new Random(11);
        for (long step = from; step <= to; step++) {
            fed.loss(step, 2.5 + 6 * Math.pow((double) step, -.4) + .01 * random.nextGaussian());
        }
    }

    private static Schedule wsd(long decayStart) {
        return new Schedule(ScheduleKind.WSD, 100L, 1e-3, 0.0, decayStart, DecayShape.LINEAR, List.of());
    }

    private static WhatIf ask(Fed fed, StudyCommand command) {
        fed.event(command);
        return fed.estimate().whatIf().stream()
                .filter(answer -> answer.name().equals(command.name()))
                .findFirst()
                .orElseThrow();
    }

    private static Forecast finalLoss(WhatIf answer) {
        return Objects.requireNonNull(answer.finalLoss(), String.valueOf(answer.reason()));
    }

    private static Forecast finalLoss(CurveEstimate estimate) {
        return Objects.requireNonNull(estimate.finalLoss(), estimate.notes().toString());
    }

    @Test
    void answers_theRunsOwnPlan_isItsOwnForecast() {
        for (Schedule schedule : List.of(COSINE, wsd(8000), Schedule.of(ScheduleKind.LINEAR, 100L, 1e-3))) {
            Fed fed = fed(10_000L, schedule, 5000);
            WhatIf same = ask(fed, StudyCommand.whatIf(Fed.STUDY, Fed.RUN, "same", 10_000L, schedule));
            Forecast own = finalLoss(fed.estimate());
            assertThat(finalLoss(same).mean()).isCloseTo(own.mean(), within(2e-4));
            assertThat(finalLoss(same).upper95()).isCloseTo(own.upper95(), within(5e-4));
            assertThat(same.rest()).hasSize(16);
            assertThat(same.rest().get(15).step()).isEqualTo(10_000);
        }
    }

    @Test
    void answers_anEarlyCooldownInShort_isTheForecastOfARunPlannedThatWay() {
        Fed fed = fed(20_000L, wsd(18_000), 5000);
        WhatIf early = ask(fed, StudyCommand.whatIfCooldown(Fed.STUDY, Fed.RUN, "early", 6000, 2000L));
        Forecast planned = finalLoss(fed(8000L, wsd(6000), 5000).estimate());
        assertThat(early.plannedSteps()).isEqualTo(8000);
        assertThat(early.schedule()).isEqualTo(ScheduleKind.WSD);
        assertThat(finalLoss(early).mean()).isCloseTo(planned.mean(), within(5e-4));
        assertThat(finalLoss(early).lower80()).isCloseTo(planned.lower80(), within(1e-3));
        assertThat(early.rest().get(15).loss()).isCloseTo(finalLoss(early).mean(), within(.02));
    }

    @Test
    void answers_longerRun_endsLowerAndLessCertain() {
        Fed fed = fed(10_000L, Schedule.of(ScheduleKind.CONSTANT, 100L, 1e-3), 5000);
        WhatIf longer = ask(fed, StudyCommand.whatIf(Fed.STUDY, Fed.RUN, "longer", 40_000L, null));
        Forecast own = finalLoss(fed.estimate());
        assertThat(finalLoss(longer).mean()).isLessThan(own.mean());
        assertThat(finalLoss(longer).upper95() - finalLoss(longer).lower95())
                .isGreaterThan(own.upper95() - own.lower95());
    }

    @Test
    void answers_runGoesOn_areRevisedAndEndInWords() {
        Fed fed = fed(10_000L, wsd(8000), 3000);
        double before = finalLoss(ask(fed, StudyCommand.whatIfCooldown(Fed.STUDY, Fed.RUN, "early", 4000, 1000L)))
                .mean();
        steps(fed, 3001, 3800);
        double after = finalLoss(fed.estimate().whatIf().get(0)).mean();
        assertThat(after).isNotEqualTo(before).isCloseTo(before, within(.05));
        steps(fed, 3801, 4600);
        assertThat(fed.estimate().whatIf().get(0).reason())
                .contains("passed step 4,000, where the cooldown was to begin");
        steps(fed, 4601, 6000);
        ask(fed, StudyCommand.whatIf(Fed.STUDY, Fed.RUN, "short", 2000L, null));
        assertThat(fed.estimate().whatIf().get(1).reason()).contains("passed step 2,000, where this plan ends");
        fed.event(new RunEnd(Fed.STUDY, Fed.RUN, Outcome.FINISHED, null, null));
        assertThat(fed.estimate().whatIf()).allMatch(answer -> "the run has ended".equals(answer.reason()));
    }

    @Test
    void answers_runOfUnknownLength_needAnEnd() {
        Fed fed = fed(null, COSINE, 3000);
        assertThat(ask(fed, StudyCommand.whatIf(Fed.STUDY, Fed.RUN, "a", null, COSINE))
                        .reason())
                .contains("give plannedSteps");
        assertThat(finalLoss(ask(fed, StudyCommand.whatIf(Fed.STUDY, Fed.RUN, "b", 6000L, null)))
                        .mean())
                .isBetween(2.3, 2.8);
    }

    @Test
    void ask_nineTimes_keepsTheLatestEightAndForgetsWhatIsTakenOff() {
        Fed fed = fed(10_000L, COSINE, 2000);
        for (int i = 0; i < 9; i++) {
            fed.event(StudyCommand.whatIf(Fed.STUDY, Fed.RUN, "plan-" + i, 10_000L + i, null));
        }
        assertThat(fed.estimate().whatIf())
                .extracting(WhatIf::name)
                .containsExactly("plan-1", "plan-2", "plan-3", "plan-4", "plan-5", "plan-6", "plan-7", "plan-8");
        fed.event(StudyCommand.whatIf(Fed.STUDY, Fed.RUN, "plan-4", null, null));
        assertThat(fed.estimate().whatIf())
                .hasSize(7)
                .noneMatch(answer -> answer.name().equals("plan-4"));
    }

    @Test
    void ask_unknownRun_changesNothing() {
        Fed fed = new Fed();
        assertThat(fed.event(StudyCommand.whatIf(Fed.STUDY, "other", "a", 10L, null)))
                .isEqualTo(Applied.APPLIED);
        assertThat(fed.out).isEmpty();
        assertThat(fed.state.runs).isEmpty();
    }

    @Test
    void command_plansThatContradictThemselves_areRefused() {
        assertThatThrownBy(() -> StudyCommand.whatIf("s", "r", "a", 0L, null))
                .hasMessageContaining("plannedSteps is 0");
        assertThatThrownBy(() -> StudyCommand.whatIfCooldown("s", "r", "a", -1, null))
                .hasMessageContaining("cooldownFrom is -1");
        assertThatThrownBy(() -> StudyCommand.of("s", StudyCommand.Action.WHAT_IF, "r"))
                .hasMessageContaining("name is missing");
    }
}
