package io.straightedge.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunManifest;
import org.junit.jupiter.api.Test;

final class SeriesTest {

    private final Series series = new Series();

    @Test
    void objection_runsBeyondWhatAStudyMayHave_areHeldBack() {
        for (int run = 0; run < Series.RUNS; run++) {
            assertThat(series.objection(loss("s", "r" + run, "train"))).isNull();
        }
        assertThat(series.objection(loss("s", "one more", "train"))).contains("10000 runs");
        assertThat(series.objection(RunManifest.of("s", "one more", null, null, null, null)))
                .contains("10000 runs");
        assertThat(series.objection(loss("s", "r7", "val")))
                .as("a run that is known")
                .isNull();
        assertThat(series.objection(loss("t", "one more", "train")))
                .as("another study")
                .isNull();
    }

    @Test
    void objection_splitsBeyondWhatARunMayHave_areHeldBack() {
        for (int split = 0; split < Series.SPLITS; split++) {
            assertThat(series.objection(loss("s", "r", "val/" + split))).isNull();
        }
        assertThat(series.objection(loss("s", "r", "one more"))).contains("256 splits");
        assertThat(series.objection(loss("s", "r", "val/3"))).isNull();
        assertThat(series.objection(loss("s", "q", "one more"))).isNull();
    }

    @Test
    void objection_moreRunsThanAreRemembered_countsTheQuietestStudyAnew() {
        Series small = new Series(300);
        for (int split = 0; split < Series.SPLITS; split++) {
            assertThat(small.objection(loss("quiet", "r", "val/" + split))).isNull();
        }
        assertThat(small.objection(loss("quiet", "r", "one more"))).isNotNull();
        for (int run = 0; run < 300; run++) {
            assertThat(small.objection(loss("busy", "r" + run, "train"))).isNull();
        }
        assertThat(small.objection(loss("quiet", "r", "one more"))).isNull();
    }

    private static LossObservation loss(String study, String run, String split) {
        return new LossObservation(study, run, 1, null, 2.5, split, null, null, null, null, null);
    }
}
