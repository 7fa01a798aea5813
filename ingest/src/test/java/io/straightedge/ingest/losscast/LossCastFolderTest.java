package io.straightedge.ingest.losscast;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Reading;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossCastFolderTest {

    private static final Losses LOSSES = new Losses();
    private static final Recipe RECIPE = new Recipe();
    private static final String SMALL = "{\"0\": 9.5, \"100\": 2.5, \"20\": NaN, \"30\": null}";

    @Test
    void read_losses_areGivenInTheOrderOfTheirSteps() {
        assertThat(Reading.losses(Reading.items(LOSSES, SMALL.getBytes(UTF_8))))
                .containsExactly(
                        new Reading.Loss(null, "train", 0, 9.5),
                        new Reading.Loss(null, "train", 20, Double.NaN),
                        new Reading.Loss(null, "train", 30, Double.NaN),
                        new Reading.Loss(null, "train", 100, 2.5));
    }

    @Test
    void read_whatIsNoLoss_isReportedAndLeftOut() {
        List<Item> items = Reading.items(LOSSES, "{\"0\": 1, \"x\": 2, \"3\": []}".getBytes(UTF_8));
        assertThat(Reading.losses(items)).containsExactly(new Reading.Loss(null, "train", 0, 1.0));
        assertThat(Reading.only(Item.Unreadable.class, items)).hasSize(2);
    }

    @Test
    void read_cutFile_givesNothingAndSaysSo() {
        SourceReader reader = LOSSES.open(SourceOptions.NONE);
        reader.read(ByteBuffer.wrap("{\"0\": 9.5, \"10".getBytes(UTF_8)), item -> {});
        reader.end(item -> assertThat(item).isNull());
        assertThat(reader.incomplete()).isNotNull();
    }

    @Test
    void read_anyCutAndAnyPieces_giveNoneOrAll() {
        Reading.assertEveryCutGivesABeginning(LOSSES, SMALL.getBytes(UTF_8));
        Reading.assertPiecesGiveTheSame(LOSSES, SMALL.getBytes(UTF_8));
    }

    @Test
    void read_mutatedFiles_areSurvived() {
        Reading.assertMutationsAreSurvived(LOSSES, SMALL.getBytes(UTF_8), 2_000);
        Reading.assertMutationsAreSurvived(RECIPE, "{\"model\": {\"n\": [1, {}]}, \"x\": NaN}".getBytes(UTF_8), 2_000);
    }

    /** Each loss stands on a line of its own, so the lines with a colon are the count. */
    @ParameterizedTest
    @CsvSource({
        "nanochat_d12_1B_mlr0.01_wd0.05_wr0.2, 2.481795, schedule.total_steps, 1990",
        "ncpl_marin_baseline-adam-130m-wd0.4-step, 3.558085, optimizer.lr, 0.008"
    })
    void read_realFolder_givesEveryLossAndTheRecipe(String folder, double last, String name, String value) {
        byte[] losses = Reading.bytes("formats/losscast/" + folder + "/losses.json");
        List<Item.Point> points = Reading.points(LOSSES, losses);
        long count = new String(losses, UTF_8)
                .lines()
                .filter(line -> line.contains(":"))
                .count();
        assertThat(points).hasSize((int) count);
        assertThat(points.get(points.size() - 1).loss()).isEqualTo(last);
        assertThat(LOSSES.recognise("losses.json", losses)).isNotNull();
        byte[] config = Reading.bytes("formats/losscast/" + folder + "/config.json");
        assertThat(RECIPE.recognise("config.json", config)).isNotNull();
        assertThat(Reading.items(RECIPE, config))
                .singleElement()
                .isInstanceOfSatisfying(
                        Item.Config.class, recipe -> assertThat(recipe.values()).containsEntry(name, value));
    }

    @Test
    void recognise_otherJson_isNot() {
        assertThat(LOSSES.recognise("losses.json", "{\"loss\": 1}".getBytes(UTF_8)))
                .isNull();
        assertThat(RECIPE.recognise("config.json", "{\"model_type\": \"llama\"}".getBytes(UTF_8)))
                .isNull();
    }
}
