package io.straightedge.protocol.law;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Kaplan's joint law of model and data size, without an irreducible term.
 *
 * <p>L(N, D) = [(Nc/N)^r + Dc/D]^alphaD, r = alphaN/alphaD. N non-embedding parameters, D tokens, both &gt; 0; Nc, Dc in
 * the same units; theta is (ln Nc, ln Dc, alphaN, alphaD). Without end of data it is (Nc/N)^alphaN, without end of model
 * (Dc/D)^alphaD.
 *
 * <p>The bracket is a sum of two powers, so that under C = 6ND its least value has r (Nc/N)^r = Dc/D, hence
 * N* = (r Nc^r (C/6) / Dc)^(1/(1+r)). This is the optimum of converged runs at C = 6ND; Kaplan's own advice holds for
 * stopping early at the critical batch and is {@link KaplanAllocation}. All O(1).
 *
 * @see "Kaplan et al. 2020, arXiv 2001.08361, eq. 1.5"
 */
public record KaplanLaw(
        @JsonProperty("Nc") double Nc, @JsonProperty("Dc") double Dc, double alphaN, double alphaD)
        implements SurfaceLaw {

    private static final List<String> NAMES = List.of("Nc", "Dc", "alphaN", "alphaD");

    public KaplanLaw {
        Coefficient.positive("Kaplan law", "Nc", Nc);
        Coefficient.positive("Kaplan law", "Dc", Dc);
        Coefficient.positive("Kaplan law", "alphaN", alphaN);
        Coefficient.positive("Kaplan law", "alphaD", alphaD);
    }

    @Override
    public double loss(double params, double tokens) {
        return Math.pow(Math.pow(Nc / params, ratio()) + Dc / tokens, alphaD);
    }

    @Override
    public void gradient(double params, double tokens, double[] out) {
        double logModel = Math.log(Nc / params);
        double model = Math.pow(Nc / params, ratio());
        double bracket = model + Dc / tokens;
        double share = model / bracket;
        double loss = Math.pow(bracket, alphaD);
        out[0] = loss * alphaN * share;
        out[1] = loss * alphaD * (1 - share);
        out[2] = loss * share * logModel;
        out[3] = loss * (Math.log(bracket) - share * ratio() * logModel);
    }

    @Override
    public List<String> names() {
        return NAMES;
    }

    @Override
    public double[] theta() {
        return new double[] {Math.log(Nc), Math.log(Dc), alphaN, alphaD};
    }

    @Override
    public KaplanLaw withTheta(double[] theta) {
        return new KaplanLaw(Math.exp(theta[0]), Math.exp(theta[1]), theta[2], theta[3]);
    }

    @Override
    public double irreducible() {
        return 0;
    }

    @Override
    public double tokensFor(double params, double loss) {
        double left = loss > 0 ? Math.pow(loss, 1 / alphaD) - Math.pow(Nc / params, ratio()) : 0;
        return left > 0 ? Dc / left : Double.POSITIVE_INFINITY;
    }

    @Override
    public Allocation optimum(double flops) {
        double product = flops / FLOPS_PER_PARAMETER_TOKEN;
        double r = ratio();
        double params = Math.exp((Math.log(r * product / Dc) + r * Math.log(Nc)) / (1 + r));
        double tokens = product / params;
        return new Allocation(flops, params, tokens, loss(params, tokens));
    }

    @Override
    public double computeFor(double loss) {
        if (!(loss > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        double r = ratio();
        double model = Math.pow(loss, 1 / alphaD) / (1 + r);
        double params = Nc * Math.pow(model, -1 / r);
        double tokens = Dc / (r * model);
        return FLOPS_PER_PARAMETER_TOKEN * params * tokens;
    }

    private double ratio() {
        return alphaN / alphaD;
    }
}
