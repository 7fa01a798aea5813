package io.straightedge.publisher.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.signal.Prediction;
import io.straightedge.protocol.signal.Prediction.Basis;
import io.straightedge.publisher.Sample;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PredictionsTest {

    private static final LawEstimate LAW = Sample.law("s", 3, Sample.points(0, 44e6, 90e6, 175e6, 350e6), List.of());

    @Test
    void of_curveWithForecast_isTheCurvesWithTheLawBeside() {
        CurveEstimate estimate = Sample.curve("s", "r", 1e8, 2e9, 0.5);

        Prediction prediction = Objects.requireNonNull(Predictions.of(estimate, LAW));

        assertThat(prediction.basis()).isEqualTo(Basis.CURVE);
        assertThat(prediction.finalLoss()).isEqualTo(estimate.finalLoss());
        assertThat(prediction.lawLoss()).isCloseTo(Sample.LAW.loss(1e8, 2e9), within(5.1e-5));
        assertThat(prediction.id()).isEqualTo(estimate.id() + "/curve");
        assertThat(prediction.fraction()).isCloseTo(0.5, within(1e-3));
    }

    @Test
    void of_curveWithForecastAndNoLaw_hasNoLawLoss() {
        CurveEstimate estimate = Sample.curve("s", "r", 1e8, 2e9, 0.5);

        assertThat(Objects.requireNonNull(Predictions.of(estimate, null)).lawLoss())
                .isNull();
        assertThat(Objects.requireNonNull(Predictions.of(estimate, Sample.noLaw("s")))
                        .lawLoss())
                .isNull();
    }

    @Test
    void of_plannedRun_isTheLawsWithItsScatter() {
        CurveEstimate estimate = Sample.curve("s", "r", 1e9, 2e10, 0);

        Prediction prediction = Objects.requireNonNull(Predictions.of(estimate, LAW));

        assertThat(prediction.basis()).isEqualTo(Basis.LAW);
        assertThat(prediction.finalLoss().mean()).isEqualTo(Sample.LAW.loss(1e9, 2e10));
        assertThat(prediction.finalLoss().scale())
                .isGreaterThan(Sample.LAW.loss(1e9, 2e10)
                        * Objects.requireNonNull(LawSpread.of(LAW)).scatter());
        assertThat(prediction.finalLoss().lower95())
                .isLessThan(prediction.finalLoss().lower80());
        assertThat(prediction.finalLoss().lower80())
                .isLessThan(prediction.finalLoss().lower50());
        assertThat(prediction.id()).isEqualTo(estimate.id() + "/law/" + LAW.id());
    }

    @Test
    void of_plannedRunWithoutLaw_isNothing() {
        CurveEstimate planned = Sample.curve("s", "r", 1e9, 2e10, 0);

        assertThat(Predictions.of(planned, null)).isNull();
        assertThat(Predictions.of(planned, Sample.noLaw("s"))).isNull();
    }

    @Test
    void of_killedBeforeItsFirstForecast_isNothing() {
        CurveEstimate early = Sample.curve("s", "r", 1e9, 2e10, 0.05);

        assertThat(Predictions.of(early, LAW)).isNotNull();
        assertThat(Predictions.of(with(early, RunStatus.KILLED, "train"), LAW)).isNull();
    }

    @Test
    void of_lawOfAnotherSplit_isNotApplied() {
        LawEstimate ofVal = new LawEstimate(
                "s",
                "chinchilla",
                "s/chinchilla/9",
                1,
                9,
                LAW.law(),
                LAW.covariance(),
                Map.of(),
                0,
                0,
                0,
                null,
                LAW.points(),
                List.of(),
                List.of(),
                Map.of("split", "val"),
                Sample.SCATTER,
                List.of(),
                null,
                null);
        CurveEstimate planned = Sample.curve("s", "r", 1e9, 2e10, 0);

        assertThat(Predictions.of(planned, ofVal)).isNull();
        assertThat(Predictions.of(with(planned, RunStatus.PLANNED, "val"), ofVal))
                .isNotNull();
    }

    private static CurveEstimate with(CurveEstimate from, RunStatus status, String split) {
        return new CurveEstimate(
                from.study(),
                from.run(),
                split,
                from.id(),
                from.sequence(),
                from.revision(),
                status,
                from.attempt(),
                from.params(),
                from.paramsCount(),
                from.plannedTokens(),
                from.plannedSteps(),
                from.tokensPerStep(),
                from.step(),
                from.tokens(),
                from.lastLoss(),
                from.finite(),
                from.form(),
                from.coefficients(),
                from.sigma(),
                from.curve(),
                from.rest(),
                from.finalLoss(),
                from.observedFinal(),
                from.notes(),
                from.whatIf());
    }
}
