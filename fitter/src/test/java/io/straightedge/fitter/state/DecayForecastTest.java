package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.data.RealData;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.LossUnit;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.StudyDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs of multipowerlaw forecast before their decay by the lane's own code, with and without other runs as history. */
class DecayForecastTest {

    private static final String FILE = "multipowerlaw/curves.csv";
    private static final String STUDY = "mpl";
    private static final String SPLIT = "val";

    private static String size(RealData.Curve curve) {
        return curve.run().substring(0, curve.run().indexOf('_'));
    }

    private static void feed(StudyReplay study, RealData.Curve curve, long until) {
        double params = 1e6 * Double.parseDouble(size(curve).replace("M", ""));
        study.apply(RunManifest.of(STUDY, curve.run(), params, curve.end(), 524_288.0, curve.schedule()));
        for (RealData.Point point : curve.points()) {
            if (point.step() <= until) {
                study.apply(new LossObservation(
                        STUDY,
                        curve.run(),
                        point.step(),
                        null,
                        point.loss(),
                        SPLIT,
                        point.lr(),
                        null,
                        null,
                        null,
                        null));
            }
        }
    }

    /** Error relative to the truth when the run has been seen until {@code until}. */
    private static double error(RealData.Curve curve, List<RealData.Curve> history, long until) {
        StudyReplay study = new StudyReplay(
                new StudyDefinition(STUDY, null, LossUnit.NATS, null, SPLIT, null, List.of(), null, null, Map.of()));
        for (RealData.Curve other : history) {
            if (!other.run().equals(curve.run())) {
                feed(study, other, other.end());
                study.apply(new RunEnd(
                        STUDY, other.run(), io.straightedge.protocol.run.Outcome.FINISHED, other.target(), null));
            }
        }
        feed(study, curve, until);
        Outcome<CurveFit> forecast = study.forecast(curve.run(), SPLIT);
        assertThat(forecast).as(curve.run()).isInstanceOf(Outcome.Found.class);
        double mean = ((Outcome.Found<CurveFit>) forecast).value().finalLoss().mean();
        double error = mean / curve.target() - 1;
        System.out.printf("%s seen until %,d: off by %+.2f %%%n", curve.run(), until, 100 * error);
        return Math.abs(error);
    }

    private static List<Double> atTheStartOfDecay(boolean withHistory) {
        List<RealData.Curve> all = RealData.curves(FILE);
        List<Double> errors = new ArrayList<>();
        for (RealData.Curve curve : all) {
            if (curve.run().contains("_wsd_") || curve.run().contains("_wsdld_")) {
                errors.add(error(curve, withHistory ? all : List.of(), 20_000));
            }
        }
        assertThat(errors).hasSize(6);
        return errors;
    }

    private static double mean(List<Double> errors) {
        return errors.stream().mapToDouble(x -> x).average().orElseThrow();
    }

    @Test
    void forecast_atTheStartOfDecayWithoutHistory_meanHalfAPercentAtMostOne() {
        List<Double> errors = atTheStartOfDecay(false);
        assertThat(errors).allSatisfy(error -> assertThat(error).isLessThan(.01));
        assertThat(mean(errors)).isLessThan(.005);
    }

    /** Cosines and other decays of each size are known: how far the loss falls need not be guessed. */
    @Test
    void forecast_atTheStartOfDecayWithHistory_isSeveralTimesBetter() {
        assertThat(mean(atTheStartOfDecay(true))).isLessThan(.002);
    }

    @Test
    void forecast_fromAQuarterOfACosine_withinOneAndAHalfPercent() {
        List<RealData.Curve> all = RealData.curves(FILE);
        for (boolean withHistory : new boolean[] {false, true}) {
            List<Double> errors = new ArrayList<>();
            for (RealData.Curve curve : all) {
                if (curve.run().contains("_cosine_")) {
                    errors.add(error(curve, withHistory ? all : List.of(), curve.end() / 4));
                }
            }
            assertThat(errors).hasSize(6).allSatisfy(error -> assertThat(error).isLessThan(.015));
        }
    }
}
