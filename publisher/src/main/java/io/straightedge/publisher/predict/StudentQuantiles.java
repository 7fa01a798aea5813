package io.straightedge.publisher.predict;

import io.straightedge.protocol.law.StudentT;

/** Half-widths, in standard deviations, of central intervals when the deviation itself was estimated. */
record StudentQuantiles(int degrees, double half50, double half80, double half95) {

    /** For {@code degrees} of freedom; fewer than 1 count as 1. */
    static StudentQuantiles of(int degrees) {
        int n = Math.max(1, degrees);
        return new StudentQuantiles(n, StudentT.central(n, 0.5), StudentT.central(n, 0.8), StudentT.central(n, 0.95));
    }
}
