package io.straightedge.deploy.backtest.alarm;

import java.util.Arrays;
import java.util.List;

/** Something that is made to go wrong with a healthy run, and in how many observations it has to be found. */
enum Fault {
    /** So small that only a run on the same data shows it. */
    STEP_005("+.005", .005),
    /** The same. */
    STEP_01("+.01", .01),
    STEP_02("+.02", .02),
    STEP_05("+.05", .05),
    STEP_1("+.1", .1),
    STEP_2("+.2", .2),
    SPIKE("spike .3 x 5", 25) {
        @Override
        double addedNats(int since, double fallenNats) {
            return since < 5 ? .3 : 0;
        }
    },
    DRIFT_1("drift 1e-4", 1000) {
        @Override
        double addedNats(int since, double fallenNats) {
            return 1e-4 * (since + 1);
        }
    },
    DRIFT_3("drift 3e-4", 1000) {
        @Override
        double addedNats(int since, double fallenNats) {
            return 3e-4 * (since + 1);
        }
    },
    /** Begins at a tenth of the noise of large batches and grows e-fold in 30 observations. */
    DIVERGENCE("divergence", 1000) {
        @Override
        double addedNats(int since, double fallenNats) {
            return Math.min(10, .004 * Math.exp((since + 1) / 30.0));
        }
    },
    /** The optimiser's state was lost: a rise that decays e-fold in 100 observations. */
    RESTART("restart .15", 1000) {
        @Override
        double addedNats(int since, double fallenNats) {
            return .15 * Math.exp(-since / 100.0);
        }
    },
    PLATEAU("plateau", 1000) {
        @Override
        double addedNats(int since, double fallenNats) {
            return fallenNats;
        }
    };

    private static final int LONG = 1000;

    private final String label;
    private final int within;
    private final double stepNats;

    Fault(String label, int within) {
        this.label = label;
        this.within = within;
        this.stepNats = 0;
    }

    /** A level that is higher from the onset on. */
    Fault(String label, double stepNats) {
        this.label = label;
        this.within = LONG;
        this.stepNats = stepNats;
    }

    /** Those worth trying on a run. */
    static List<Fault> of(boolean twin) {
        return Arrays.stream(values())
                .filter(fault -> twin || (fault != STEP_005 && fault != STEP_01))
                .toList();
    }

    /** How it is reported. */
    String label() {
        return label;
    }

    /** Observations from the onset on in which it has to be found. */
    int within() {
        return within;
    }

    /**
     * What it adds to the loss.
     *
     * @param since observations since the onset, 0 at it
     * @param fallenNats by how much the healthy run's smooth course has fallen since
     */
    double addedNats(int since, double fallenNats) {
        return stepNats;
    }
}
