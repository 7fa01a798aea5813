package io.straightedge.deploy.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.deploy.backtest.BacktestReport;
import io.straightedge.deploy.backtest.BacktestReport.FractionScore;
import io.straightedge.protocol.codec.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published curves, each size with the others as history: the forecast within its bars and ahead of what does not know the rate. */
class BacktestOnPublishedDataTest {

    private static final List<Double> BARS_PERCENT = List.of(1.0, .8, .5, .4, .3);

    @ParameterizedTest
    @CsvSource({"olmo_ladder, 33, 0", "multipowerlaw, 27, 1"})
    void backtest_ofPublishedCurves_holdsItsBars(String folder, int curves, int firstBar) throws Exception {
        BacktestReport report = report(folder, "--fractions", ".2,.3,.5,.7,.9");
        assertThat(report.curves()).isEqualTo(curves);
        List<FractionScore> own = scores(report, "straightedge");
        for (int i = firstBar; i < own.size(); i++) {
            double median = Objects.requireNonNull(own.get(i).medianPercent());
            System.out.printf(
                    "%s at %.0f %%: %.3f %%%n", folder, 100 * own.get(i).fraction(), median);
            assertThat(median).as("at %s", own.get(i).fraction()).isLessThanOrEqualTo(BARS_PERCENT.get(i));
            for (String method : List.of("last-value", "power-law")) {
                assertThat(median)
                        .as("%s at %s", method, own.get(i).fraction())
                        .isLessThan(Objects.requireNonNull(
                                scores(report, method).get(i).medianPercent()));
            }
        }
    }

    private static List<FractionScore> scores(BacktestReport report, String method) {
        return Objects.requireNonNull(report.methods().get(method));
    }

    private static BacktestReport report(String folder, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("backtest", data(folder), "--json"));
        arguments.addAll(List.of(options));
        CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
        assertThat(run.exit()).as(run.err()).isZero();
        return Json.read(run.out().getBytes(UTF_8), BacktestReport.class);
    }

    private static String data(String name) {
        Path file = Path.of(System.getProperty("straightedge.data", "../../shared/data"), name);
        Assumptions.assumeTrue(Files.exists(file), () -> "skipped: no real data at " + file);
        return file.toString();
    }
}
