package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReferenceSeriesTest {

    @Test
    void at_anyOrderOfWrites_isTheLastOfEachStep() {
        ReferenceSeries series = new ReferenceSeries();
        Map<Long, Double> told = new HashMap<>();
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            long step = random.nextInt(3000);
            double loss = random.nextInt(10) == 0 ? Double.NaN : 12 * random.nextDouble();
            series.put(step, loss);
            told.put(step, loss);
        }
        ReferenceSeries restored = new ReferenceSeries();
        series.changes().blocks().forEach((number, block) -> restored.restoreBlock(number, ByteBuffer.wrap(block)));
        for (long step = 0; step < 3300; step++) {
            double loss = told.getOrDefault(step, Double.NaN);
            for (ReferenceSeries one : new ReferenceSeries[] {series, restored}) {
                if (Double.isNaN(loss)) {
                    assertThat(one.at(step)).as("step %d", step).isNaN();
                } else {
                    assertThat(one.at(step)).as("step %d", step).isCloseTo(loss, within(1 / 8192. + 1e-12));
                }
            }
        }
        assertThat(series.changes().blocks()).as("nothing more has changed").isEmpty();
    }

    @Test
    void put_ofWhatNoLossIs_isNotKept() {
        ReferenceSeries series = new ReferenceSeries();
        series.put(1, 16);
        series.put(2, -.1);
        series.put(3, Double.POSITIVE_INFINITY);
        series.put(4, 15.9);
        assertThat(series.at(1)).isNaN();
        assertThat(series.at(2)).isNaN();
        assertThat(series.at(3)).isNaN();
        assertThat(series.at(4)).isCloseTo(15.9, within(1e-3));
        series.put(4, 17);
        assertThat(series.at(4)).isNaN();
    }

    @Test
    void breakAt_staysWhereItIs() {
        ReferenceSeries series = new ReferenceSeries();
        series.put(5, 3);
        series.breakAt(5);
        series.put(5, 3);
        assertThat(series.breaksAt(5)).isTrue();
        assertThat(series.at(5)).isNaN();
        assertThat(series.breaksAt(6)).isFalse();
    }

    @Test
    void put_moreThanIsKept_dropsTheOldest() {
        ReferenceSeries series = new ReferenceSeries();
        long blocks = ReferenceSeries.MOST_BLOCKS + 3;
        for (long block = 0; block < blocks; block++) {
            series.put(block * ReferenceBlock.STEPS, 3);
        }
        ReferenceSeries.Changes changes = series.changes();
        assertThat(changes.blocks()).hasSize(ReferenceSeries.MOST_BLOCKS);
        assertThat(changes.dropped()).containsExactly(0L, 1L, 2L);
        assertThat(series.at(0)).isNaN();
        assertThat(series.at((blocks - 1) * ReferenceBlock.STEPS)).isEqualTo(3);
        assertThat(series.changes().dropped()).isEmpty();
        assertThat(series.written()).hasSize(ReferenceSeries.MOST_BLOCKS);
    }

    @Test
    void takeOver_dropsWhatWasKnown() {
        ReferenceSeries series = new ReferenceSeries();
        assertThat(series.isOf("a")).isTrue();
        series.put(3, 3);
        series.put(300, 3);
        series.changes();
        series.takeOver("b");
        series.put(400, 2);
        assertThat(series.isOf("a")).isFalse();
        assertThat(series.at(3)).isNaN();
        ReferenceSeries.Changes changes = series.changes();
        assertThat(changes.run()).isEqualTo("b");
        assertThat(changes.dropped()).as("block 1 is written anew").containsExactly(0L);
        assertThat(changes.blocks()).containsOnlyKeys(1L);
    }
}
