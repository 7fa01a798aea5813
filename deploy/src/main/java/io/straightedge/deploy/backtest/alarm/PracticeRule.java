package io.straightedge.deploy.backtest.alarm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** A rule that is in use elsewhere, as it would watch one run. Not thread-safe. */
sealed interface PracticeRule permits PracticeRule.ZScore, PracticeRule.MeanPlusSigmas, PracticeRule.LossSpike {

    /** Whether it fires at this loss, which may be no number. */
    boolean fires(double loss);

    /** The rules by the names under which they are reported. */
    static Map<String, Supplier<PracticeRule>> all() {
        Map<String, Supplier<PracticeRule>> rules = new LinkedHashMap<>();
        rules.put("wandb-z3-30", ZScore::new);
        rules.put("olmo-6sigma-128", MeanPlusSigmas::new);
        rules.put("llm-foundry", LossSpike::new);
        return rules;
    }

    /** |z| &gt; 3 against mean and standard deviation of the 30 losses before: the default of W&amp;B's z-score alerts. */
    final class ZScore implements PracticeRule {

        private static final double SIGMAS = 3;

        private final LossWindow window = new LossWindow(30);

        @Override
        public boolean fires(double loss) {
            boolean out = window.full() && Math.abs(loss - window.mean()) > SIGMAS * window.sd();
            window.add(loss);
            return out;
        }
    }

    /** Above mean and 6 standard deviations of the 128 losses before, of 64 at least: where OLMo-core skips a step. */
    final class MeanPlusSigmas implements PracticeRule {

        private static final double SIGMAS = 6;
        private static final int LEAST = 64;

        private final LossWindow window = new LossWindow(128);

        @Override
        public boolean fires(double loss) {
            boolean out = window.size() >= LEAST && loss > window.mean() + SIGMAS * window.sd();
            window.add(loss);
            return out;
        }
    }

    /**
     * The fifth loss in a row at twice the mean of the 100 before or more; or half of those 100 above 10. Both once 200 have
     * been seen. Where LLM Foundry ends a run; it is taken to go on, and fires again when the state has been left.
     */
    final class LossSpike implements PracticeRule {

        private static final double MULTIPLE = 2;
        private static final int IN_A_ROW = 5;
        private static final double HIGH = 10;
        private static final int NOT_BEFORE = 200;

        private final LossWindow window = new LossWindow(100);
        private long seen;
        private int inRow;
        private boolean high;

        @Override
        public boolean fires(double loss) {
            boolean out = false;
            if (seen >= NOT_BEFORE) {
                inRow = loss >= MULTIPLE * window.mean() ? inRow + 1 : 0;
                boolean wasHigh = high;
                high = 2 * window.above(HIGH) >= window.size();
                out = inRow == IN_A_ROW || (high && !wasHigh);
            }
            seen++;
            window.add(loss);
            return out;
        }
    }
}
