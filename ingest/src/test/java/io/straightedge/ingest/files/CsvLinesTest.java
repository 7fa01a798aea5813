package io.straightedge.ingest.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvLinesTest {

    private final List<Long> tooLong = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void read_anyPieces_givesTheSameRows(int pieceBytes) {
        String text = "\uFEFFstep,\"a, \"\"b\"\"\",\"two\r\nlines\"\r\n\n1,,\"\"\n\"2\",x\"y,é\n";
        assertThat(rows(text.getBytes(UTF_8), pieceBytes))
                .containsExactly(
                        List.of("step", "a, \"b\"", "two\r\nlines"), List.of("1", "", ""), List.of("2", "x\"y", "é"));
    }

    @Test
    void read_byteOrderMarkBeforeQuotedCell_isLeftOut() {
        assertThat(rows("\uFEFF\"step\",\"loss\"\n".getBytes(UTF_8), 1)).containsExactly(List.of("step", "loss"));
    }

    @Test
    void end_unterminatedLastRow_countsOnlyWhenNothingCanBeMissing() {
        assertThat(rows("\"s\",\"l\"\n\"1\",\"2.5\"")).hasSize(2);
        assertThat(rows("\"s\",\"l\"\n\"1\",\"\"")).hasSize(2);
        assertThat(rows("\"s\",\"l\"\n\"1\",\"NaN\"")).hasSize(2);
        assertThat(rows("\"s\",\"l\"\n\"1\",\"2.5")).hasSize(1);
        assertThat(rows("\"s\",\"l\"\n\"1\",2.5")).hasSize(1);
        assertThat(rows("\"s\",\"l\"\n\"1\"")).hasSize(1);
        assertThat(rows("\"s\",\"name\"\n\"1\",\"a text\"")).hasSize(1);
        assertThat(rows("\"s\"")).isEmpty();
    }

    @Test
    void incomplete_midRow_saysSo() {
        CsvLines lines = new CsvLines(',', tooLong::add);
        lines.read(ByteBuffer.wrap("a,b\n1,".getBytes(UTF_8)), row -> {});
        assertThat(lines.incomplete()).isEqualTo("a line without its end");
        lines.read(ByteBuffer.wrap("2\n".getBytes(UTF_8)), row -> {});
        assertThat(lines.incomplete()).isNull();
    }

    @Test
    void read_rowBeyondTheLimit_isReportedAndLeftOutAndTheNextIsRead() {
        String text = "a,b\n\"" + "x\n".repeat(CsvLines.LONGEST_BYTES / 2) + "1,2\n3,4\n";
        assertThat(rows(text.getBytes(UTF_8), 1 << 16)).contains(List.of("a", "b"), List.of("3", "4"));
        assertThat(tooLong).containsExactly(4L);
    }

    private List<List<String>> rows(String text) {
        return rows(text.getBytes(UTF_8), 5);
    }

    private List<List<String>> rows(byte[] bytes, int pieceBytes) {
        List<List<String>> rows = new ArrayList<>();
        CsvLines lines = new CsvLines(',', tooLong::add);
        for (int i = 0; i < bytes.length; i += pieceBytes) {
            lines.read(ByteBuffer.wrap(bytes, i, Math.min(pieceBytes, bytes.length - i)), rows::add);
        }
        lines.end(rows::add);
        return rows;
    }
}
