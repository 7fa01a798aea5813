package io.straightedge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.ingest.watch.Followed;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchViewTest {

    private static final String LONG_NOTICE =
            "titan: not known of this run: give --tokens-per-step (batch size times sequence length), --planned-steps,"
                    + " --params or --manifest";

    @ParameterizedTest
    @CsvSource({"24, 80, 2", "24, 80, 100", "12, 120, 100", "5, 20, 3", "60, 200, 100"})
    void table_ofAnySize_fitsTheTerminal(int rows, int columns, int sources) {
        List<String> table = WatchView.table(
                followed(sources), List.of(LONG_NOTICE, LONG_NOTICE), new TerminalSize(rows, columns), 10_000);
        assertThat(table).hasSizeLessThan(rows).allMatch(line -> line.length() <= columns);
        assertThat(table.get(0)).startsWith("RUN");
        assertThat(table.get(1)).startsWith(sources > rows ? "ladder/run-99" : "ladder/run-" + (sources - 1));
    }

    @Test
    void table_ofAnOrdinaryTerminal_showsTheNumbersAndTheWholeNotice() {
        List<String> table = WatchView.table(followed(30), List.of(LONG_NOTICE), new TerminalSize(24, 80), 10_000);
        assertThat(table.get(1)).contains("29,000", "3.2500", "9 s", "29", "4 KiB");
        assertThat(table).contains("and 11 more");
        assertThat(String.join(" ", table).replaceAll(" +", " ")).endsWith(LONG_NOTICE);
    }

    @Test
    void size_ofWhatIsNoTerminal_isTheUsual() {
        assertThat(TerminalSize.of("50 132\n")).isEqualTo(new TerminalSize(50, 132));
        assertThat(TerminalSize.of("0 0")).isEqualTo(TerminalSize.USUAL);
        assertThat(TerminalSize.of("stty: no")).isEqualTo(TerminalSize.USUAL);
    }

    private static List<Followed> followed(int sources) {
        return IntStream.range(0, sources)
                .mapToObj(i -> new Followed(
                        "/runs/" + i,
                        List.of("ladder/run-" + i),
                        "megatron",
                        "has a line",
                        "ladder/run-" + i,
                        1000L * i,
                        3.25,
                        i,
                        4096,
                        0,
                        i,
                        null,
                        false,
                        Map.of()))
                .toList();
    }
}
