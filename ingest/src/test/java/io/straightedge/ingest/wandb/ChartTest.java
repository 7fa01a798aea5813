package io.straightedge.ingest.wandb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChartTest {

    private static final Chart FORMAT = new Chart();

    private static final String SMALL = """
            "Step","a - b - train/loss","a - b - train/loss__MIN","a - b - train/loss__MAX","c - train/loss","c - train/loss__MIN","c - train/loss__MAX"
            "0","2.5","2.5","2.5","","",""
            "10","NaN","NaN","NaN","3.5","3.5","3.5"
            "20","1.25e0","1.25","1.25","3","3","3.25\"""";

    @Test
    void read_columns_areRunsByTheirNames() {
        assertThat(Reading.losses(Reading.items(FORMAT, SMALL.getBytes(UTF_8))))
                .containsExactly(
                        new Reading.Loss("a - b", "train", 0, 2.5),
                        new Reading.Loss("a - b", "train", 10, Double.NaN),
                        new Reading.Loss("c", "train", 10, 3.5),
                        new Reading.Loss("a - b", "train", 20, 1.25),
                        new Reading.Loss("c", "train", 20, 3.0));
    }

    @Test
    void read_wrongRows_areReportedAndLeftOut() {
        String head = SMALL.substring(0, SMALL.indexOf('\n') + 1);
        List<Item> items = Reading.items(FORMAT, (head + "1,2\nx,1,1,1,,,\n2,oops,1,1,3,3,3\n").getBytes(UTF_8));
        assertThat(Reading.only(Item.Unreadable.class, items)).hasSize(3).noneMatch(Item.Unreadable::fatal);
        assertThat(Reading.losses(items)).containsExactly(new Reading.Loss("c", "train", 2, 3.0));
    }

    @Test
    void read_anyCutAndAnyPieces_giveNoWrongPoint() {
        Reading.assertEveryCutGivesABeginning(FORMAT, SMALL.getBytes(UTF_8));
        Reading.assertEveryCutGivesABeginning(
                FORMAT, SMALL.replace("\"", "").concat("\n").getBytes(UTF_8));
        Reading.assertPiecesGiveTheSame(FORMAT, SMALL.getBytes(UTF_8));
    }

    @Test
    void read_mutatedFiles_areSurvived() {
        Reading.assertMutationsAreSurvived(FORMAT, SMALL.getBytes(UTF_8), 2_000);
    }

    /** Counts the cells that are not empty with a pattern, as every cell of these exports is quoted. */
    @ParameterizedTest
    @ValueSource(strings = {"wandb_export.csv", "wandb_export_k2.csv"})
    void read_realFile_givesEveryCellThatIsNotEmpty(String name) throws IOException {
        List<String> lines = Files.readAllLines(Reading.file("formats/" + name));
        Pattern cell = Pattern.compile("\"([^\"]*)\"");
        List<String> header = cell.matcher(lines.get(0))
                .results()
                .map(found -> found.group(1))
                .toList();
        Map<String, Integer> expected = new HashMap<>();
        double sum = 0;
        for (String line : lines.subList(1, lines.size())) {
            Matcher cells = cell.matcher(line);
            for (int i = 0; cells.find(); i++) {
                if (i > 0 && !header.get(i).contains("__M") && !cells.group(1).isEmpty()) {
                    expected.merge(header.get(i).substring(0, header.get(i).lastIndexOf(" - ")), 1, Integer::sum);
                    sum += Double.parseDouble(cells.group(1));
                }
            }
        }
        byte[] bytes = Reading.bytes("formats/" + name);
        List<Item> items = Reading.items(FORMAT, bytes);
        Map<String, Integer> counts = new HashMap<>();
        Reading.losses(items).forEach(loss -> counts.merge(String.valueOf(loss.run()), 1, Integer::sum));
        assertThat(counts).isEqualTo(expected).isNotEmpty();
        assertThat(items).allMatch(Item.Point.class::isInstance);
        assertThat(Reading.losses(items).stream()
                        .mapToDouble(loss -> loss.loss() == null ? Double.NaN : loss.loss())
                        .sum())
                .isCloseTo(sum, within(1e-6));
        assertThat(FORMAT.recognise(name, bytes)).isNotNull();
    }

    @Test
    void recognise_otherTables_areNotCharts() {
        assertThat(FORMAT.recognise("x.csv", "step,loss\n1,2\n".getBytes(UTF_8)))
                .isNull();
        assertThat(FORMAT.recognise("x.csv", "Step,a - loss\n1,2\n".getBytes(UTF_8)))
                .isNull();
        assertThat(FORMAT.recognise(
                        "x.csv",
                        "Relative Time (Process),a - loss,a - loss__MIN,a - loss__MAX\n1,2,2,2\n".getBytes(UTF_8)))
                .isNull();
    }
}
