package io.straightedge.protocol.law;

import java.util.List;

/**
 * A power law of one variable, without an irreducible term: far enough out it promises a loss of 0.
 *
 * <p>L(x) = (scale/x)^exponent. x in the variable's unit (parameters, tokens, FLOPs), scale in the same, exponent &gt; 0.
 * theta is (ln scale, exponent). O(1); ln L is linear in ln x.
 *
 * @see "Kaplan et al. 2020, arXiv 2001.08361, eq. 1.1, 1.2 and 1.3"
 */
public record PowerLaw(Variable variable, double scale, double exponent) implements CurveLaw {

    private static final List<String> NAMES = List.of("scale", "exponent");

    public PowerLaw {
        if (variable == null) {
            throw new IllegalArgumentException("a power law needs its variable: params, tokens or compute");
        }
        Coefficient.positive("power law", "scale", scale);
        Coefficient.positive("power law", "exponent", exponent);
    }

    @Override
    public double lossAt(double x) {
        return Math.pow(scale / x, exponent);
    }

    @Override
    public void gradientAt(double x, double[] out) {
        double loss = lossAt(x);
        out[0] = exponent * loss;
        out[1] = loss * Math.log(scale / x);
    }

    @Override
    public double inverse(double loss) {
        return loss > 0 ? scale * Math.pow(loss, -1 / exponent) : Double.POSITIVE_INFINITY;
    }

    @Override
    public double irreducible() {
        return 0;
    }

    @Override
    public List<String> names() {
        return NAMES;
    }

    @Override
    public double[] theta() {
        return new double[] {Math.log(scale), exponent};
    }

    @Override
    public PowerLaw withTheta(double[] theta) {
        return new PowerLaw(variable, Math.exp(theta[0]), theta[1]);
    }
}
