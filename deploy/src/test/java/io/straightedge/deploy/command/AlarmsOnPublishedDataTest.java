package io.straightedge.deploy.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.deploy.backtest.alarm.AlarmReport;
import io.straightedge.protocol.codec.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Alarms on published curves with what is known of them. */
class AlarmsOnPublishedDataTest {

    @Test
    void alarms_ofA65BRun_findItsSpikes() throws Exception {
        AlarmReport report =
                report("k2_65b/curves.csv.gz", "--seconds-per-observation", "5", "--labels", data("anomalies.csv"));
        assertThat(report.observations()).isEqualTo(10_420);
        assertThat(Objects.requireNonNull(report.labels().asDeviation()).missed())
                .isZero();
        assertThat(report.labels().other()).isZero();
    }

    @Test
    void alarms_ofARunThatBlewUp_areThereWithinOneRow() throws Exception {
        AlarmReport report = report("bigscience_chronicles/curve_fragments.csv", "--labels", data("anomalies.csv"));
        assertThat(report.warnings()).anySatisfy(fired -> {
            assertThat(fired.run()).isEqualTo("tr1-13B");
            assertThat(fired.foundStep()).isEqualTo(29_050);
        });
    }

    @Test
    void alarms_ofRunsThatShareHardBatches_areOneNoticeEach() throws Exception {
        AlarmReport report = report("lr_scheduling_schaipp/curves_train.csv.gz", "--labels", data("anomalies.csv"));
        assertThat(report.pages()).isEmpty();
        for (long batch : new long[] {13_850, 43_400}) {
            assertThat(report.notices().stream()
                            .filter(notice -> notice.rule().equals("shared") && notice.onsetStep() == batch))
                    .as("at step %d", batch)
                    .hasSize(1);
        }
        assertThat(Objects.requireNonNull(report.labels().restarts())).isEqualTo(new AlarmReport.Finds(19, 0, 3.0));
    }

    /** The rates published for these logs' kin: 16 to 26 and .8 to 2.8 firings in 1,000 steps. */
    @ParameterizedTest
    @CsvSource({"wandb-z3-30, 16, 26", "olmo-6sigma-128, .8, 2.8"})
    void baselines_ofStepLogs_fireAsOftenAsPublished(String rule, double least, double most) throws Exception {
        AlarmReport report = report("nanogpt_speedrun/train_curves.csv.gz", "--split", "train");
        double rate = Objects.requireNonNull(report.baselines().get(rule)).perThousandSteps();
        System.out.printf("%s: %.2f in 1,000 steps%n", rule, rate);
        assertThat(rate).isBetween(least, most);
    }

    private static AlarmReport report(String file, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("backtest", data(file), "--alarms", "--json"));
        arguments.addAll(List.of(options));
        CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
        assertThat(run.exit()).as(run.err()).isZero();
        return Json.read(run.out().getBytes(UTF_8), AlarmReport.class);
    }

    private static String data(String name) {
        Path file = Path.of(System.getProperty("straightedge.data", "../../shared/data"), name);
        Assumptions.assumeTrue(Files.exists(file), () -> "skipped: no real data at " + file);
        return file.toString();
    }
}
