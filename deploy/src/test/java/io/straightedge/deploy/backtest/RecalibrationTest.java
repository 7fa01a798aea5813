package io.straightedge.deploy.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.ingest.history.PastRun;
import io.straightedge.protocol.run.RunManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecalibrationTest {

    /** Trials whose errors are normal with so many scales. */
    private static List<Trial> trials(Random random, String source, int n, double scales) {
        PastRun run = new PastRun(
                source, "train", "", "g", null, RunManifest.of(source, "r", null, 10L, null, null), List.of(), null);
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            double scale = .01 * (1 + random.nextDouble());
            Guess guess = Guess.normal(3 + scales * scale * random.nextGaussian(), scale);
            trials.add(new Trial(run, .5, 3, Map.of(Method.STRAIGHTEDGE, guess), null));
        }
        return trials;
    }

    @Test
    void of_sourcesWithTheSameErrors_reachesTheNominalCoverage() {
        long seed = 11;
        Random random = new Random(seed);
        List<Trial> trials = new ArrayList<>();
        for (String source : List.of("a", "b", "c")) {
            trials.addAll(trials(random, source, 2000, 2));
        }
        List<Guess> guesses = Recalibration.of(trials).stream()
                .map(trial -> Objects.requireNonNull(trial.guesses().get(Method.STRAIGHTEDGE)))
                .toList();
        double inside80 = guesses.stream()
                        .filter(g -> Math.abs(g.mean() - 3) <= g.half80())
                        .count()
                / 6000.0;
        double inside95 = guesses.stream()
                        .filter(g -> Math.abs(g.mean() - 3) <= g.half95())
                        .count()
                / 6000.0;
        assertThat(inside80).as("seed %d", seed).isCloseTo(.8, within(.02));
        assertThat(inside95).as("seed %d", seed).isCloseTo(.95, within(.01));
        Guess first = guesses.get(0);
        assertThat(first.half80() / first.scale()).isCloseTo(2 * 1.2816, within(.1));
    }

    @Test
    void of_aSource_doesNotLookAtItsOwnErrors() {
        Random random = new Random(3);
        List<Trial> trials = new ArrayList<>(trials(random, "a", 500, 1));
        trials.addAll(trials(random, "b", 500, 1));
        trials.addAll(trials(random, "wild", 500, 50));
        Guess wild = Objects.requireNonNull(
                Recalibration.of(trials).get(1200).guesses().get(Method.STRAIGHTEDGE));
        assertThat(wild.half80() / wild.scale()).isCloseTo(1.2816, within(.15));
    }

    @Test
    void of_twoSources_isRefused() {
        Random random = new Random(3);
        List<Trial> trials = new ArrayList<>(trials(random, "a", 5, 1));
        trials.addAll(trials(random, "b", 5, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recalibration.of(trials))
                .withMessageContaining("3 sources");
    }
}
