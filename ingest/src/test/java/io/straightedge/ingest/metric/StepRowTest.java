package io.straightedge.ingest.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.ingest.source.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StepRowTest {

    private final List<Item> items = new ArrayList<>();
    private final StepRow row = new StepRow(null);

    @Test
    void add_lossThenItsCompany_isOnePoint() {
        add(Role.LOSS, 10, 2.5);
        add(Role.LR, 10, 3e-4);
        add(Role.TOKENS, 10, 4096);
        assertThat(items).isEmpty();
        add(Role.LOSS, 20, 2.4);
        assertThat(items).containsExactly(new Item.Point(null, "train", 10, 4096., null, 2.5, 3e-4, null, null, null));
    }

    @Test
    void flush_inTheMiddle_changesNeitherLossesNorOrder() {
        add(Role.LOSS, 10, 2.5);
        row.flush(items::add);
        row.add(Metric.loss("val"), 10, 2.6, null, items::add);
        add(Role.LR, 10, 3e-4);
        row.flush(items::add);
        row.flush(items::add);
        assertThat(items).extracting(item -> ((Item.Point) item).split()).containsExactly("train", "val");
    }

    @Test
    void add_sameLossTwice_givesTheFirst() {
        add(Role.LOSS, 10, 2.5);
        add(Role.LOSS, 10, 9);
        row.flush(items::add);
        assertThat(items).extracting(item -> ((Item.Point) item).loss()).containsExactly(2.5);
    }

    @Test
    void wanted_ofSeveralLosses_isTheFirstThatCame() {
        Wanted wanted = new Wanted(Map.of());
        assertThat(wanted.of("loss_metrics/global_avg_loss")).isEqualTo(Metric.train(Role.LOSS));
        assertThat(wanted.of("loss")).isNull();
        assertThat(wanted.of("loss_metrics/global_avg_loss")).isNotNull();
        assertThat(wanted.of("lr")).isEqualTo(Metric.train(Role.LR));
        assertThat(wanted.of("gpu/temperature")).isNull();
    }

    @Test
    void wanted_whatTheUserNames_standsBeforeTheKnown() {
        Wanted wanted = new Wanted(Map.of("loss", "my/ce", "loss:val", "my/val"));
        assertThat(wanted.of("loss")).isNull();
        assertThat(wanted.of("my/ce")).isEqualTo(Metric.train(Role.LOSS));
        assertThat(wanted.of("my/val")).isEqualTo(Metric.loss("val"));
        assertThatThrownBy(() -> new Wanted(Map.of("los", "x"))).hasMessageContaining("los is nothing");
    }

    private void add(Role role, long step, double value) {
        row.add(Metric.train(role), step, value, null, items::add);
    }
}
