package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.CurvePrior;
import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.history.Informed;
import io.straightedge.fitter.interval.IntervalFactors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** How {@link Informed} is written to the changelog: numbers at full precision, about 200 bytes. */
final class SavedInformed {

    private SavedInformed() {}

    static byte[] save(Informed informed) {
        CurvePrior prior = informed.prior();
        ByteBuffer out = ByteBuffer.allocate(8 * (7 + 3 * LrPlan.SHAPES));
        IntervalFactors factors = informed.factors();
        out.putDouble(factors.at50()).putDouble(factors.at80()).putDouble(factors.at95());
        out.putDouble(informed.endMean()).putDouble(informed.endScale());
        out.putDouble(prior.logAlphaMean()).putDouble(prior.logAlphaSd());
        prior.dropMean().forEach(out::putDouble);
        prior.dropSd().forEach(out::putDouble);
        prior.shapeWeights().forEach(out::putDouble);
        return out.array();
    }

    static Informed restore(ByteBuffer in) {
        IntervalFactors factors = new IntervalFactors(in.getDouble(), in.getDouble(), in.getDouble());
        double endMean = in.getDouble();
        double endScale = in.getDouble();
        CurvePrior prior = new CurvePrior(in.getDouble(), in.getDouble(), shapes(in), shapes(in), shapes(in));
        return new Informed(prior, endMean, endScale, factors);
    }

    private static List<Double> shapes(ByteBuffer in) {
        List<Double> values = new ArrayList<>();
        for (int shape = 0; shape < LrPlan.SHAPES; shape++) {
            values.add(in.getDouble());
        }
        return values;
    }
}
