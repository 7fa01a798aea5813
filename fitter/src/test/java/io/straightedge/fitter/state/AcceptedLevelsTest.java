package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.curve.LogBins;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AcceptedLevelsTest {

    private static final double MOVED = .3;

    private final AcceptedLevels levels = new AcceptedLevels();
    private final LogBins seen = new LogBins();
    private final LogBins always = new LogBins();
    private final Random random = new Random(5);

    private void steps(long from, long to, double off, double offAlways) {
        for (long step = from; step < to; step++) {
            double loss = 2 + 5 * Math.pow((double) step, -.3) + .02 * random.nextGaussian();
            seen.add(step, loss + off);
            always.add(step, loss + offAlways);
        }
    }

    @Test
    void of_binsBeforeALevel_areThoseOfARunThatWasAlwaysOnIt() {
        steps(1, 1000, 0, MOVED);
        levels.accept(999, seen, MOVED);
        steps(1000, 3000, MOVED, MOVED);
        LogBins moved = levels.of(seen);
        assertThat(moved.size()).isEqualTo(always.size());
        for (int i = 0; i < moved.size(); i++) {
            assertThat(moved.count(i)).isEqualTo(always.count(i));
            assertThat(moved.mean(i)).as("bin %d", i).isCloseTo(always.mean(i), within(1e-6));
        }
    }

    @Test
    void of_twoLevels_addUp() {
        steps(1, 500, 0, .1);
        levels.accept(499, seen, MOVED);
        steps(500, 1500, MOVED, .1);
        levels.accept(1499, seen, -.2);
        steps(1500, 2000, .1, .1);
        LogBins moved = levels.of(seen);
        for (int i = 0; i < moved.size(); i++) {
            assertThat(moved.mean(i)).as("bin %d", i).isCloseTo(always.mean(i), within(1e-6));
        }
    }

    @Test
    void of_noLevel_orOneAfterTheEnd_changesNothing() {
        steps(1, 1000, 0, 0);
        assertThat(levels.of(seen)).isSameAs(seen);
        LogBins early = seen.first(10);
        levels.accept(999, seen, MOVED);
        assertThat(levels.of(early).mean(3)).isEqualTo(early.mean(3));
    }

    @Test
    void rewind_behindALevel_forgetsIt() {
        steps(1, 1000, 0, 0);
        levels.accept(999, seen, MOVED);
        assertThat(levels.since(999)).isTrue();
        levels.rewind(900);
        assertThat(levels.of(seen)).isSameAs(seen);
        assertThat(levels.since(0)).isFalse();
    }

    @Test
    void load_whatWasSaved_isTheSame() {
        steps(1, 1000, 0, 0);
        levels.accept(999, seen, MOVED);
        ByteBuffer saved = ByteBuffer.allocate(100);
        levels.save(saved);
        AcceptedLevels again = new AcceptedLevels();
        again.load(saved.flip());
        assertThat(saved.hasRemaining()).isFalse();
        assertThat(again.of(seen).mean(5)).isEqualTo(levels.of(seen).mean(5));
    }
}
