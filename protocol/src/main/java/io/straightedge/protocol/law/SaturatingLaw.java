package io.straightedge.protocol.law;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * A power law of one variable above an irreducible loss.
 *
 * <p>L(x) = E + A x^-a. x in the variable's unit (parameters, tokens, FLOPs); E &gt;= 0 nats per token, A &gt; 0,
 * a &gt; 0. theta is (ln A, ln E, a). O(1).
 *
 * @see "Henighan et al. 2020, arXiv 2010.14701, eq. 1.1"
 */
public record SaturatingLaw(
        Variable variable,
        @JsonProperty("E") double E,
        @JsonProperty("A") double A,
        double a) implements CurveLaw {

    private static final List<String> NAMES = List.of("A", "E", "a");

    public SaturatingLaw {
        if (variable == null) {
            throw new IllegalArgumentException("a saturating law needs its variable: params, tokens or compute");
        }
        Coefficient.notNegative("saturating law", "E", E);
        Coefficient.positive("saturating law", "A", A);
        Coefficient.positive("saturating law", "a", a);
    }

    @Override
    public double lossAt(double x) {
        return E + A * Math.pow(x, -a);
    }

    @Override
    public void gradientAt(double x, double[] out) {
        double power = A * Math.pow(x, -a);
        out[0] = power;
        out[1] = E;
        out[2] = -power * Math.log(x);
    }

    @Override
    public double inverse(double loss) {
        return loss > E ? Math.pow((loss - E) / A, -1 / a) : Double.POSITIVE_INFINITY;
    }

    @Override
    public double irreducible() {
        return E;
    }

    @Override
    public List<String> names() {
        return NAMES;
    }

    @Override
    public double[] theta() {
        return new double[] {Math.log(A), Math.log(E), a};
    }

    @Override
    public SaturatingLaw withTheta(double[] theta) {
        return new SaturatingLaw(variable, Math.exp(theta[1]), Math.exp(theta[0]), theta[2]);
    }
}
