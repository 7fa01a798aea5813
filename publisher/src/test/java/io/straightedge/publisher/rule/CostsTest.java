package io.straightedge.publisher.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.protocol.fit.Deviation.Outlook;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.signal.Alert.Cost;
import io.straightedge.publisher.Sample;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CostsTest {

    private static final LawEstimate LAW = Sample.law("ladder", 1, Sample.points(0, 1e8, 1e9), List.of());

    @Test
    void of_lossesOfTwoBudgets_costsTheirDifference() {
        double before = Sample.LAW.optimum(1e21).loss();
        double after = Sample.LAW.optimum(7e20).loss();

        Cost cost = Objects.requireNonNull(Costs.of(new Outlook(before, after, 1e9, 2e10, 1e21), LAW));

        assertThat(cost.share()).isCloseTo(0.3, within(1e-9));
        assertThat(cost.flops()).isCloseTo(3e20, within(1e12));
    }

    @Test
    void of_runWithoutFlops_takesSixNd() {
        Outlook outlook = new Outlook(
                Sample.LAW.optimum(1e21).loss(), Sample.LAW.optimum(5e20).loss(), 1e9, 2e10, null);

        assertThat(Objects.requireNonNull(Costs.of(outlook, LAW)).flops()).isCloseTo(6e19, within(1e11));
    }

    @Test
    void of_betterLoss_isNegative() {
        Outlook outlook = new Outlook(
                Sample.LAW.optimum(1e21).loss(), Sample.LAW.optimum(2e21).loss(), 1e9, 2e10, 1e21);

        assertThat(Objects.requireNonNull(Costs.of(outlook, LAW)).share()).isCloseTo(-1, within(1e-9));
    }

    @Test
    void of_noLawOrOutOfItsReach_keepsTheLossesAlone() {
        Outlook outlook = new Outlook(2.5, 2.75, 1e9, 2e10, 1e21);
        Cost losses = new Cost(2.5, 2.75, null, null);

        assertThat(Costs.of(outlook, null)).isEqualTo(losses);
        assertThat(Costs.of(outlook, Sample.noLaw("ladder"))).isEqualTo(losses);
        assertThat(Costs.of(new Outlook(1.5, 1.75, 1e9, 2e10, 1e21), LAW)).isEqualTo(new Cost(1.5, 1.75, null, null));
    }

    @Test
    void of_oneLossMissing_isNothing() {
        assertThat(Costs.of(new Outlook(2.5, null, 1e9, 2e10, 1e21), LAW)).isNull();
        assertThat(Costs.of(new Outlook(2.5, Double.NaN, 1e9, 2e10, 1e21), LAW)).isNull();
        assertThat(Costs.of(null, LAW)).isNull();
    }
}
