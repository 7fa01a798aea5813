package io.straightedge.ingest.finals;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.ingest.finals.FinalsOptions.Checkpoints;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FinalsReaderTest {

    private static final String HEADER = "family,run,params,tokens,flops,loss\n";

    @TempDir
    Path folder;

    @Test
    void read_canonicalColumns_givesEveryNumberAsItStands() throws IOException {
        Finals finals = read(HEADER + "f,a,100,2000,1300000,3.5\nf,b,200,4000,4800000,3.25\n", FinalsOptions.DEFAULT);
        assertThat(finals.rows())
                .containsExactly(
                        new FinalRow("finals.csv", 2, "f", "a", 100, 2000, 1_300_000, 3.5, Double.NaN, null),
                        new FinalRow("finals.csv", 3, "f", "b", 200, 4000, 4_800_000, 3.25, Double.NaN, null));
        assertThat(finals.columns())
                .containsExactlyEntriesOf(
                        columns("family,family,run,run,params,params,tokens,tokens,flops,flops,loss,loss"));
        assertThat(finals.notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Model Size,   Training FLOP,   loss",
        "N,            C,               L",
        "n_params,     compute,         final_loss",
        "num_params,   Total FLOPs,     VAL LOSS",
        "Parameters,   train_flops,     validation-loss",
        "modelSize,    trainingFlops,   finalLoss",
    })
    void read_otherNames_areMappedAndSaid(String params, String flops, String loss) throws IOException {
        Finals finals = read("x," + params + "," + flops + "," + loss + "\n9,100,1.2e6,3.5\n", FinalsOptions.DEFAULT);
        FinalRow row = finals.rows().get(0);
        assertThat(row.params()).isEqualTo(100);
        assertThat(row.tokens()).isEqualTo(2000);
        assertThat(row.flops()).isEqualTo(1.2e6);
        assertThat(row.loss()).isEqualTo(3.5);
        assertThat(finals.columns())
                .containsEntry("params", params)
                .containsEntry("flops", flops)
                .containsEntry("loss", loss)
                .containsEntry("tokens", "flops / (6 params)");
        assertThat(finals.notes()).containsExactly("tokens are taken as D = C/(6N)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"D", "tokens seen", "n_tokens", "TRAINING_TOKENS", "Tokens"})
    void read_noFlops_takesSixNd(String tokens) throws IOException {
        Finals finals = read("N," + tokens + ",loss\n100,2000,3.5\n", FinalsOptions.DEFAULT);
        assertThat(finals.rows().get(0).flops()).isEqualTo(1.2e6);
        assertThat(finals.columns()).containsEntry("flops", "6 params tokens");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nan   | column loss: \"nan\"",
                "NaN   | column loss: \"NaN\"",
                "inf   | column loss: \"inf\"",
                "0     | column loss: \"0\"",
                "-3.5  | column loss: \"-3.5\"",
                "high  | column loss: \"high\"",
                "''    | column loss: empty",
            })
    void read_badLoss_isRefusedWithFileLineColumnAndValue(String loss, String said) {
        String bad = "f,b,200,4000,4.8e6," + loss + "\n";
        assertThatThrownBy(() -> read(HEADER + "f,a,100,2000,1.2e6,3\n" + bad, FinalsOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("finals.csv, line 3, ")
                .hasMessageContaining(said);
    }

    @Test
    void read_badNumberUnderAnotherName_namesBoth() {
        assertThatThrownBy(() -> read("Model Size,tokens,loss\n70B,2000,3\n", FinalsOptions.DEFAULT))
                .hasMessage(
                        "finals.csv, line 2, column Model Size (params): \"70B\"; it must be a finite number above 0"
                                + " (--skip-bad-rows leaves such rows out)");
    }

    @Test
    void read_skipBadRows_countsThem() throws IOException {
        FinalsOptions options = new FinalsOptions(Map.of(), List.of(), List.of(), false, 0, Checkpoints.AUTO, true);
        Finals finals = read(HEADER + "f,a,100,2000,1.2e6,3\nf,b,200,0,1,3\nf,c,200,1,1,nan\n", options);
        assertThat(finals.rows()).hasSize(1);
        assertThat(finals.skipped()).isEqualTo(2);
        assertThat(finals.read()).isEqualTo(3);
        assertThat(finals.notes()).containsExactly("2 rows with unusable numbers left out");
        assertThatThrownBy(() -> read(HEADER + "f,a,100,2000,1.2e6,0\n", options))
                .hasMessageContaining("no usable rows: of 1 rows, 1");
    }

    @ParameterizedTest
    @CsvSource({"'params,tokens,colour'", "'params,loss'", "'tokens,flops,loss'", "'a,b'"})
    void read_missingColumns_saysWhatIsNeededAndWhatIsThere(String header) {
        assertThatThrownBy(() -> read(header + "\n1,1,1\n", FinalsOptions.DEFAULT))
                .hasMessageContaining("needed are params, loss, and tokens or flops")
                .hasMessageContaining(header.replace(",", ", "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "params,tokens,loss\n"})
    void read_noRows_isRefused(String text) {
        assertThatThrownBy(() -> read(text, FinalsOptions.DEFAULT)).hasMessageContaining("holds no rows");
    }

    @Test
    void read_twoCandidates_areRefusedUntilOneIsChosen() throws IOException {
        String text = "params,tokens,train_loss,val_loss\n100,2000,3.1,3.2\n";
        assertThatThrownBy(() -> read(text, FinalsOptions.DEFAULT))
                .hasMessageContaining("several columns may be loss: [train_loss, val_loss]")
                .hasMessageContaining("--column");
        FinalsOptions chosen = byHand(Map.of("loss", "Val Loss"));
        assertThat(read(text, chosen).rows().get(0).loss()).isEqualTo(3.2);
    }

    @Test
    void read_ownName_winsOverOthers() throws IOException {
        Finals finals = read("N,params,tokens,loss,val_loss\n1,100,2000,3.1,3.2\n", FinalsOptions.DEFAULT);
        assertThat(finals.rows().get(0).params()).isEqualTo(100);
        assertThat(finals.rows().get(0).loss()).isEqualTo(3.1);
    }

    @Test
    void read_byHand_takesAnyHeaderAndLeavesOutEmptyOnes() throws IOException {
        String text = "params,params_no_embed,tokens,flops,loss\n100,80,2000,7,3.1\n";
        Finals finals = read(text, byHand(Map.of("params", "params_no_embed", "flops", "")));
        assertThat(finals.rows().get(0).params()).isEqualTo(80);
        assertThat(finals.rows().get(0).flops()).isEqualTo(6.0 * 80 * 2000);
        assertThatThrownBy(() -> read(text, byHand(Map.of("params", "size"))))
                .hasMessageContaining("there is no column size; found [params, ");
        assertThatThrownBy(() -> read(text, byHand(Map.of("size", "params"))))
                .hasMessageContaining("there is no column size: known are [family, run, params");
    }

    @Test
    void read_tokensFromFlops_leavesTokensAside() throws IOException {
        FinalsOptions options = new FinalsOptions(Map.of(), List.of(), List.of(), true, 0, Checkpoints.AUTO, false);
        assertThat(read(HEADER + "f,a,100,1,1.2e6,3\n", options).rows().get(0).tokens())
                .isEqualTo(2000);
    }

    @Test
    void read_emptyColumn_isAsIfItWereNotThere() throws IOException {
        assertThat(read(HEADER + "f,a,100,,1.2e6,3\n", FinalsOptions.DEFAULT)
                        .rows()
                        .get(0)
                        .tokens())
                .isEqualTo(2000);
        assertThatThrownBy(() -> read(HEADER + "f,a,100,,1.2e6,3\nf,b,100,5,1.2e6,3\n", FinalsOptions.DEFAULT))
                .hasMessageContaining("line 2, column tokens: empty");
    }

    @Test
    void read_severalFamilies_areRefusedUntilChosenOrMixed() throws IOException {
        StringBuilder text = new StringBuilder(HEADER);
        for (int i = 1; i <= 3; i++) {
            text.append("f,f").append(i).append(",100,2000,,3\ng,g").append(i).append(",100,2000,,4\n");
        }
        assertThatThrownBy(() -> read(text.toString(), FinalsOptions.DEFAULT))
                .hasMessageContaining("several families")
                .hasMessageContaining("f (3 rows), g (3 rows)");
        assertThat(read(text.toString(), families("G")).rows()).hasSize(3).allMatch(row -> row.loss() == 4);
        Finals mixed = read(text.toString(), families("all"));
        assertThat(mixed.rows()).hasSize(6);
        assertThat(mixed.notes()).anyMatch(note -> note.startsWith("mixes 2 families"));
        assertThatThrownBy(() -> read(text.toString(), families("h")))
                .hasMessageContaining("there is no family h; found");
    }

    @Test
    void read_familyOfEachRun_isALabel() throws IOException {
        assertThat(read(HEADER + "a,a,100,2000,,3\nb,b,100,2000,,4\n", FinalsOptions.DEFAULT)
                        .rows())
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "outlier=0, 2",
        "outlier = 0.0, 2",
        "outlier!=0, 1",
        "reason=bad fit, 1",
        "tokens>=3000, 2",
        "tokens>3000, 1",
        "Tokens Seen<3000, 1",
        "Tokens Seen<=3000, 2",
    })
    void read_where_keepsRowsThatMeetIt(String condition, int rows) throws IOException {
        String text = "params,Tokens Seen,loss,outlier,reason\n1,2000,3,0,\n1,3000,3,0,\n1,4000,3,1,bad fit\n";
        assertThat(read(text, where(condition)).rows()).hasSize(rows);
    }

    @Test
    void read_whereNothingIsLeft_isRefused() {
        String text = "params,tokens,loss\n1,2000,3\n";
        assertThatThrownBy(() -> read(text, where("tokens=1"))).hasMessageContaining("no row meets [tokens=1]");
        assertThatThrownBy(() -> read(text, where("token=1"))).hasMessageContaining("there is no column token");
        assertThatThrownBy(() -> where("tokens")).hasMessageContaining("tokens is no condition");
    }

    @Test
    void read_rowsNotChosen_mayHoldAnything() throws IOException {
        assertThat(read("params,tokens,loss,outlier\n1,2000,3,0\n1,2,nan,1\n", where("outlier=0"))
                        .rows())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "2, 3", "3, 1", "5, 0"})
    void read_dropHighestLoss_keepsThoseBelowTheBound(int k, int kept) throws IOException {
        String text = "params,tokens,loss\n1,1,5\n1,1,4\n1,1,3\n1,1,3\n1,1,2\n";
        FinalsOptions options = new FinalsOptions(Map.of(), List.of(), List.of(), false, k, Checkpoints.AUTO, false);
        Finals finals = read(text, options);
        assertThat(finals.rows()).hasSize(kept);
        assertThat(finals.dropped()).isEqualTo(5 - kept);
    }

    @Test
    void read_curves_givesTheLastPointOfEachRun() throws IOException {
        String text = """
                family,run,params,step,tokens,flops,lr,loss,split
                f,a,100,20,2000,,0,3.2,val
                f,a,100,10,1000,,0,3.5,val
                f,a,100,30,3000,,0,,val
                f,b,100,10,1000,,0,3.6,val
                f,b,100,10,1000,,0,3.4,val
                """;
        Finals finals = read(text, FinalsOptions.DEFAULT);
        assertThat(finals.rows()).extracting(FinalRow::loss).containsExactly(3.2, 3.4);
        assertThat(finals.notes())
                .contains(
                        "1 rows without a loss left out", "curves: the last point of each of 2 runs is its final loss");
        FinalsOptions all = new FinalsOptions(Map.of(), List.of(), List.of(), false, 0, Checkpoints.ALL, false);
        assertThat(read(text, all).rows()).hasSize(4);
    }

    @Test
    void read_rowsOfARunWithoutSteps_areCheckpointsUnlessTheLastIsAskedFor() throws IOException {
        String text = "run,params,tokens,loss\na,100,2000,3.2\na,100,1000,3.5\nb,100,1000,3.6\n";
        Finals finals = read(text, FinalsOptions.DEFAULT);
        assertThat(finals.rows()).hasSize(3);
        assertThat(finals.notes()).contains("rows that share a run (3 rows, 2 runs) count as checkpoints of it");
        FinalsOptions last = new FinalsOptions(Map.of(), List.of(), List.of(), false, 0, Checkpoints.LAST, false);
        assertThat(read(text, last).rows()).extracting(FinalRow::loss).containsExactly(3.2, 3.6);
    }

    @ParameterizedTest
    @CsvSource({
        "unit,         nats, bits",
        "loss_unit,    per-token, per-character",
        "tokenizer,    gpt2, llama",
        "params_count, total, non-embedding",
        "split,        train, val",
    })
    void read_mixedMeanings_areRefused(String column, String one, String other) {
        String text = "params,tokens,loss," + column + "\n1,1,3," + one + "\n1,2,3," + other + "\n";
        assertThatThrownBy(() -> read(text, FinalsOptions.DEFAULT))
                .hasMessageContaining("has several values, whose points cannot share a law: [" + first(one, other))
                .hasMessageContaining("--where \"" + column + "=");
    }

    @Test
    void read_bits_becomeNats() throws IOException {
        Finals finals = read("params,tokens,loss,unit\n1,1,4,bits\n", FinalsOptions.DEFAULT);
        assertThat(finals.rows().get(0).loss()).isCloseTo(4 * Math.log(2), within(1e-15));
        assertThatThrownBy(() -> read("params,tokens,loss,unit\n1,1,4,bits-per-byte\n", FinalsOptions.DEFAULT))
                .hasMessageContaining("the unit of the losses is bits-per-byte: give nats per token");
        assertThat(read("params,tokens,loss,unit\n1,1,4,steps\n", byHand(Map.of("unit", "")))
                        .rows())
                .hasSize(1);
    }

    @Test
    void read_gzipByteOrderMarkAndQuotes_areSeenThrough() throws IOException {
        Path file = folder.resolve("finals.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("\uFEFFparams,\"Tokens, seen\",loss,note\r\n100,2000,3.5,\"two\nlines\"\r\n\r\n200,0,3.5,\r\n"
                    .getBytes(UTF_8));
        }
        assertThatThrownBy(() -> FinalsReader.read(List.of(file), FinalsOptions.DEFAULT))
                .hasMessageContaining("finals.csv.gz, line 5, column Tokens, seen (tokens): \"0\"");
        assertThat(FinalsReader.read(List.of(file), where("tokens>0")).rows())
                .extracting(FinalRow::params)
                .containsExactly(100.0);
    }

    @Test
    void read_severalFiles_mapsEachByItsOwnHeader() throws IOException {
        Path one = file("one.csv", "params,tokens,loss\n100,2000,3.5\n");
        Path two = file("two.csv", "N,C,loss\n100,1.2e6,3.25\n");
        Finals finals = FinalsReader.read(List.of(one, two), FinalsOptions.DEFAULT);
        assertThat(finals.rows()).extracting(FinalRow::tokens).containsExactly(2000.0, 2000.0);
        assertThat(finals.columns())
                .containsEntry("params", "one.csv: params; two.csv: N")
                .containsEntry("loss", "loss");
        assertThat(finals.notes())
                .containsExactly("one.csv: FLOPs are taken as C = 6ND", "two.csv: tokens are taken as D = C/(6N)");
    }

    @Test
    void read_budgetAndAnnealed_areKept() throws IOException {
        FinalRow row = read("params,loss,budget,annealed\n100,3,1.2e6,no\n", FinalsOptions.DEFAULT)
                .rows()
                .get(0);
        assertThat(row.budget()).isEqualTo(1.2e6);
        assertThat(row.flops()).isEqualTo(1.2e6);
        assertThat(row.annealed()).isFalse();
    }

    @Test
    void read_noFileOrAFolder_saysSo() {
        assertThatThrownBy(() -> FinalsReader.read(List.of(folder.resolve("gone.csv")), FinalsOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no file");
        assertThatThrownBy(() -> FinalsReader.read(List.of(folder), FinalsOptions.DEFAULT))
                .hasMessageContaining("is a folder");
    }

    private Finals read(String text, FinalsOptions options) throws IOException {
        return FinalsReader.read(List.of(file("finals.csv", text)), options);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static FinalsOptions byHand(Map<String, String> columns) {
        return new FinalsOptions(columns, List.of(), List.of(), false, 0, Checkpoints.AUTO, false);
    }

    private static FinalsOptions families(String... names) {
        return new FinalsOptions(Map.of(), List.of(names), List.of(), false, 0, Checkpoints.AUTO, false);
    }

    private static FinalsOptions where(String... conditions) {
        List<Condition> where =
                List.of(conditions).stream().map(Condition::parse).toList();
        return new FinalsOptions(Map.of(), List.of(), where, false, 0, Checkpoints.AUTO, false);
    }

    private static Map<String, String> columns(String pairs) {
        String[] names = pairs.split(",", -1);
        Map<String, String> columns = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i += 2) {
            columns.put(names[i], names[i + 1]);
        }
        return columns;
    }

    private static String first(String one, String other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
