package io.straightedge.deploy.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BucketsTest {

    private static final long SECOND = 1_000_000_000L;

    private long nanos = 17;

    @Test
    void take_moreThanTheBurst_waitsForTheRate() {
        Buckets buckets = new Buckets(2, 4, 10, () -> nanos);
        for (int i = 0; i < 4; i++) {
            assertThat(buckets.take("a", 1)).isZero();
        }
        assertThat(buckets.take("a", 1)).isEqualTo(1);
        assertThat(buckets.take("b", 1)).as("another key").isZero();
        nanos += SECOND / 2;
        assertThat(buckets.take("a", 1)).isZero();
        assertThat(buckets.take("a", 4)).isEqualTo(2);
        nanos += 100 * SECOND;
        assertThat(buckets.take("a", 4)).isZero();
        assertThat(buckets.take("a", 1)).as("never more than the burst").isEqualTo(1);
    }

    @Test
    void take_moreThanABucketHolds_isPaidLater() {
        Buckets buckets = new Buckets(1, 10, 10, () -> nanos);
        assertThat(buckets.take("a", 30)).isZero();
        assertThat(buckets.take("a", 1)).isEqualTo(21);
        nanos += 21 * SECOND;
        assertThat(buckets.take("a", 1)).isZero();
    }

    @Test
    void take_manyKeys_forgetsTheOldest() {
        Buckets buckets = new Buckets(1, 1, 2, () -> nanos);
        assertThat(buckets.take("a", 1)).isZero();
        assertThat(buckets.take("b", 1)).isZero();
        assertThat(buckets.take("a", 1)).isEqualTo(1);
        assertThat(buckets.take("c", 1)).isZero();
        assertThat(buckets.take("a", 1)).isEqualTo(1);
        assertThat(buckets.take("b", 1)).as("forgotten").isZero();
    }
}
