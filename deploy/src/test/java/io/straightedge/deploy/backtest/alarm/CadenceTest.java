package io.straightedge.deploy.backtest.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.ingest.history.PastRun;
import org.junit.jupiter.api.Test;

class CadenceTest {

    @Test
    void cadence_ofEveryFiftiethStep_isTwoHundredAndFiftySeconds() {
        PastRun run = Runs.of("a", new long[] {50, 100, 150, 300, 350}, i -> 3);
        Cadence cadence = Cadence.of(run, null);
        assertThat(cadence).isEqualTo(new Cadence(50, 250));
        assertThat(cadence.taken(run.losses())).containsExactly(50, 100, 150, 300, 350);
        assertThat(cadence.millis(100)).isEqualTo(500_000);
        assertThat(cadence.days(17_280)).isCloseTo(50, within(1e-12));
    }

    @Test
    void cadence_thatIsTold_holdsForEveryObservation() {
        PastRun run = Runs.of("a", new long[] {2040, 4080, 6120}, i -> 3);
        Cadence cadence = Cadence.of(run, 5.0);
        assertThat(cadence.millis(4080)).isEqualTo(10_000);
        assertThat(cadence.days(17_280)).isCloseTo(1, within(1e-12));
    }

    @Test
    void taken_ofARunThatGoesBack_goesOn() {
        PastRun run = Runs.of("a", new long[] {10, 20, 30, 10, 20, 20, 30}, i -> 3);
        assertThat(Cadence.of(run, null).taken(run.losses())).containsExactly(10, 20, 30, 40, 50, 60, 70);
    }
}
