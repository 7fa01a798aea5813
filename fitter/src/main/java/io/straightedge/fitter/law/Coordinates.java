package io.straightedge.fitter.law;

/** A change of coefficients under which a form is better conditioned than in its own theta. Stateless. */
interface Coordinates {

    /** Theta as it is. */
    Coordinates PLAIN = new Coordinates() {
        @Override
        public double[] of(double[] theta) {
            return theta.clone();
        }

        @Override
        public double[] theta(double[] coordinates) {
            return coordinates.clone();
        }
    };

    /** The coordinates of theta; a fresh array. */
    double[] of(double[] theta);

    /** The theta of coordinates; a fresh array. */
    double[] theta(double[] coordinates);

    /** d theta / d coordinates [p][p], by central differences. */
    default double[][] slope(double[] coordinates) {
        int p = coordinates.length;
        double[][] out = new double[p][p];
        double[] moved = coordinates.clone();
        for (int k = 0; k < p; k++) {
            double h = 1e-6 * Math.max(1, Math.abs(coordinates[k]));
            moved[k] = coordinates[k] + h;
            double[] above = theta(moved);
            moved[k] = coordinates[k] - h;
            double[] below = theta(moved);
            moved[k] = coordinates[k];
            for (int j = 0; j < p; j++) {
                out[j][k] = (above[j] - below[j]) / (2 * h);
            }
        }
        return out;
    }
}
