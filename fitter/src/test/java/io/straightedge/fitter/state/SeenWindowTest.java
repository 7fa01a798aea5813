package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.fitter.state.SeenWindow.Relation;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SeenWindowTest {

    @Test
    void relation_randomLogWithRewinds_agreesWithAPlainMap() {
        Random random = new Random(7);
        for (int trial = 0; trial < 50; trial++) {
            SeenWindow window = new SeenWindow();
            TreeMap<Long, Double> all = new TreeMap<>();
            long last = -1;
            for (int i = 0; i < 400; i++) {
                if (random.nextInt(40) == 0 && last > 10) {
                    int back = 1 + random.nextInt(900);
                    long step = Math.max(0, last - back);
                    window.rewind(last, step);
                    all.tailMap(step, true).clear();
                    // Slots that the undone steps had used say nothing of the steps a window further back.
                    all.headMap(last - SeenWindow.STEPS, true).clear();
                    last = step - 1;
                }
                long step = last + 1 + random.nextInt(9);
                double value = random.nextInt(5);
                window.advance(last, step, value);
                all.put(step, value);
                last = step;
                long probe = Math.max(0, last - random.nextInt(1200));
                double guess = random.nextInt(5);
                assertThat(window.relation(last, probe, guess))
                        .as("trial %d, step %d of %d", trial, probe, last)
                        .isEqualTo(expected(all, last, probe, guess));
            }
        }
    }

    @Test
    void restoreBlock_saved_knowsTheSame() {
        SeenWindow window = new SeenWindow();
        SeenWindow restored = new SeenWindow();
        long last = -1;
        for (long step = 0; step < 3000; step += 7) {
            window.advance(last, step, step * .5);
            last = step;
        }
        for (int block = 0; block < SeenWindow.BLOCKS; block++) {
            restored.restoreBlock(block, ByteBuffer.wrap(window.block(block)));
        }
        ByteBuffer rest = ByteBuffer.allocate(SeenWindow.BYTES);
        window.save(rest);
        restored.load(rest.flip());
        for (long step = last - 1100; step <= last; step++) {
            assertThat(restored.relation(last, step, step * .5)).isEqualTo(window.relation(last, step, step * .5));
        }
    }

    @Test
    void dirtyBlocks_oneStep_isOneBlock() {
        SeenWindow window = new SeenWindow();
        window.advance(-1, 0, 1);
        window.clean();
        window.advance(0, 1, 1);
        assertThat(Integer.bitCount(window.dirtyBlocks())).isEqualTo(1);
    }

    @Test
    void relation_stepsInHundreds_remembersAThousandOfThem() {
        SeenWindow window = new SeenWindow();
        long last = -1;
        for (long step = 100; step <= 500_000; step += 100) {
            window.advance(last, step, 2.5);
            last = step;
        }
        assertThat(window.relation(last, last - 102_300, 2.5)).isEqualTo(Relation.SAME);
        assertThat(window.relation(last, last - 102_400, 2.5)).isEqualTo(Relation.FAR_BEHIND);
        assertThat(window.relation(last, last - 102_300, 2)).isEqualTo(Relation.DIFFERENT);
        assertThat(window.relation(last, last - 50, 2)).isEqualTo(Relation.SKIPPED);
        window.advance(last, last + 25, 3);
        last += 25;
        assertThat(window.relation(last, last - 25, 2.5)).isEqualTo(Relation.SAME);
        assertThat(window.relation(last, last - 25_525, 2.5)).isEqualTo(Relation.SAME);
        assertThat(window.relation(last, last - 25_600, 2.5)).isEqualTo(Relation.FAR_BEHIND);
    }

    @Test
    void inHole_overtakenBatch_isAndAStepBetweenIsNot() {
        SeenWindow window = new SeenWindow();
        long last = -1;
        for (long step = 10; step <= 400; step += step == 200 ? 60 : 10) {
            window.advance(last, step, 2.5);
            last = step;
        }
        assertThat(window.inHole(last, 230)).isTrue();
        assertThat(window.inHole(last, 5)).isFalse();
        assertThat(window.inHole(last, 305)).isFalse();
        window.mark(last, 210, 2.5);
        window.mark(last, 220, 2.5);
        assertThat(window.inHole(last, 230)).isTrue();
        assertThat(window.relation(last, 220, 2.5)).isEqualTo(Relation.SAME);
    }

    private static Relation expected(Map<Long, Double> all, long last, long step, double value) {
        if (step > last) {
            return Relation.AHEAD;
        }
        if (step <= last - SeenWindow.STEPS) {
            return Relation.FAR_BEHIND;
        }
        Double known = all.get(step);
        if (known == null) {
            return Relation.SKIPPED;
        }
        return SeenWindow.hash(step, known) == SeenWindow.hash(step, value) ? Relation.SAME : Relation.DIFFERENT;
    }
}
