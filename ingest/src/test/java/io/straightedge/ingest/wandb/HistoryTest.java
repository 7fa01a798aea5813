package io.straightedge.ingest.wandb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Reading;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTest {

    private static final History FORMAT = new History();

    private static final String CSV = """
            "_step","_timestamp","Name","train/loss","val/loss","lr"
            0,1700000000.5,b,4.5,,0.1
            0,1700000000.5,a,4.25,4,0.1
            1,,b,3.5,,0.1
            1,,a,,,
            2,,a,NaN,,0.1
            """;

    private static final String LINES = """
            {"_step": 0, "_timestamp": 1700000000.5, "train/loss": 4.5, "lr": 0.1, "text": "x"}
            {"_step": 1, "train": {"loss": 3.5}, "val/loss": "NaN"}
            {"_step": 2, "train/loss": NaN, "_runtime": 5}""";

    @Test
    void read_csvOfSeveralRuns_givesThemByName() {
        List<Item> items = Reading.items(FORMAT, CSV.getBytes(UTF_8));
        assertThat(Reading.losses(items))
                .containsExactly(
                        new Reading.Loss("b", "train", 0, 4.5),
                        new Reading.Loss("a", "train", 0, 4.25),
                        new Reading.Loss("a", "val", 0, 4.0),
                        new Reading.Loss("b", "train", 1, 3.5),
                        new Reading.Loss("a", "train", 2, Double.NaN));
        Item.Point first = Reading.only(Item.Point.class, items).get(0);
        assertThat(first.lr()).isEqualTo(0.1);
        assertThat(first.time()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_500L));
    }

    @Test
    void read_jsonLines_giveNestedAndNonFiniteLosses() {
        assertThat(Reading.losses(Reading.items(FORMAT, LINES.getBytes(UTF_8))))
                .containsExactly(
                        new Reading.Loss(null, "train", 0, 4.5),
                        new Reading.Loss(null, "val", 1, Double.NaN),
                        new Reading.Loss(null, "train", 2, Double.NaN));
    }

    @Test
    void read_wrongLinesAndRows_areReportedAndLeftOut() {
        List<Item> lines =
                Reading.items(FORMAT, "{\"_step\":0,\"loss\":1}\n[1]\n{oops}\n{\"loss\":2}\n".getBytes(UTF_8));
        assertThat(Reading.only(Item.Unreadable.class, lines)).hasSize(3);
        assertThat(Reading.losses(lines)).containsExactly(new Reading.Loss(null, "train", 0, 1.0));
        List<Item> rows = Reading.items(FORMAT, "_step,loss\n0,1\n1\nx,2\n2,oops\n3,3\n".getBytes(UTF_8));
        assertThat(Reading.losses(rows))
                .containsExactly(new Reading.Loss(null, "train", 0, 1.0), new Reading.Loss(null, "train", 3, 3.0));
        assertThat(Reading.only(Item.Unreadable.class, rows)).isNotEmpty();
    }

    /** The loss stands last, where a cut leaves the right number of cells and a wrong number. */
    private static final String LOSS_LAST = "_step,lr,loss\n0,0.1,4.25\n1,0.1,3.125";

    @ParameterizedTest
    @ValueSource(strings = {CSV, LINES, LOSS_LAST})
    void read_anyCutAndAnyPieces_giveNoWrongPoint(String file) {
        Reading.assertEveryCutGivesABeginning(FORMAT, file.getBytes(UTF_8));
        Reading.assertPiecesGiveTheSame(FORMAT, file.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {CSV, LINES})
    void read_mutatedFiles_areSurvived(String file) {
        Reading.assertMutationsAreSurvived(FORMAT, file.getBytes(UTF_8), 2_000);
    }

    @Test
    void read_lineBeyondTheLimit_isLeftOut() {
        String file = "{\"_step\":0,\"x\":\"" + "y".repeat(1 << 20) + "\"}\n{\"_step\":1,\"loss\":2}\n";
        List<Item> items = Reading.items(FORMAT, file.getBytes(UTF_8));
        assertThat(items).hasSize(2);
        assertThat(Reading.losses(items)).containsExactly(new Reading.Loss(null, "train", 1, 2.0));
    }

    @Test
    void recognise_stepOfWandb_isTold() {
        assertThat(FORMAT.recognise("history.csv", CSV.getBytes(UTF_8))).contains("_step");
        assertThat(FORMAT.recognise("wandb-history.jsonl", LINES.getBytes(UTF_8)))
                .contains("_step");
        assertThat(FORMAT.recognise("x.jsonl", "{\"step\": 1, \"loss\": 2}\n".getBytes(UTF_8)))
                .isNull();
        assertThat(FORMAT.recognise("x.csv", "step,loss\n1,2\n".getBytes(UTF_8)))
                .isNull();
    }
}
