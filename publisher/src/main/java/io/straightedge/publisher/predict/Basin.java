package io.straightedge.publisher.predict;

import io.straightedge.protocol.law.SurfaceLaw;
import java.util.List;

/**
 * One component of what is believed of a law: normal about an optimum of the fit.
 *
 * @param weight how much is believed in it (&gt; 0); weights need not sum to 1
 * @param law at the optimum
 * @param covariance of the law's theta [p][p], finite
 */
public record Basin(double weight, SurfaceLaw law, List<List<Double>> covariance) {

    public Basin {
        if (!(weight > 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException("the weight of a basin must be above 0 and finite, not " + weight);
        }
        if (!usable(covariance, law.size())) {
            throw new IllegalArgumentException(
                    "the covariance must have " + law.size() + " rows of as many finite numbers");
        }
        covariance = List.copyOf(covariance);
    }

    /** Whether it is a finite matrix of that size. */
    static boolean usable(List<List<Double>> covariance, int size) {
        return covariance.size() == size
                && covariance.stream()
                        .allMatch(row -> row.size() == size && row.stream().allMatch(Double::isFinite));
    }

    /** left' covariance right. */
    double form(double[] left, double[] right) {
        return form(covariance, left, right);
    }

    /** left' matrix right. */
    static double form(List<List<Double>> matrix, double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            List<Double> row = matrix.get(i);
            double inner = 0;
            for (int j = 0; j < right.length; j++) {
                inner += row.get(j) * right[j];
            }
            sum += left[i] * inner;
        }
        return sum;
    }
}
