package io.straightedge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.protocol.codec.MessageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command on small curves that are made here: L = E + 6 t^-.45 with noise, less an anneal that follows the rate. */
class BacktestCommandTest {

    private static final List<String> METHODS = List.of("straightedge", "last-value", "power-law", "multi-power-law");
    private static final List<String> STATISTICS = List.of(
            "fraction",
            "n",
            "medianNats",
            "p90Nats",
            "meanNats",
            "medianPercent",
            "p90Percent",
            "coverage80",
            "coverage95",
            "halfWidth95");
    private static final long STEPS = 2000;

    @TempDir
    private Path folder;

    private Path curves(String name, int sizes, int seeds) throws IOException {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder("family,run,params,step,tokens,flops,lr,loss,split\n");
        for (int size = 0; size < sizes; size++) {
            for (int seed = 0; seed < seeds; seed++) {
                double params = 1e7 * Math.pow(2, size);
                boolean cosine = seed % 2 == 0;
                for (long step = 20; step <= STEPS; step += 20) {
                    double x = step / (double) STEPS;
                    double u = cosine ? .1 + .45 * (1 + Math.cos(Math.PI * x)) : 1;
                    double loss = 2.5 - .1 * size + 6 * Math.pow((double) step, -.45) - .2 * (1 - u);
                    text.append(String.format(
                            Locale.ROOT,
                            "ladder,s%d-%d,%.0f,%d,%d,,%.6f,%.5f,train%n",
                            size,
                            seed,
                            params,
                            step,
                            1000 * step,
                            1e-3 * u,
                            loss + .003 * random.nextGaussian()));
                }
            }
        }
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.writeString(file, text);
    }

    private Path losscast() throws IOException {
        Path home = Files.createDirectories(folder.resolve("lc"));
        StringBuilder runs = new StringBuilder("rid,run,source,params,n_layers,d_model,optimizer,lr,weight_decay,"
                + "batch_tokens,tokens_total,lr_schedule,warmup_steps,total_steps,final_lr_ratio,warmdown_ratio,"
                + "n_points,last_step,final_loss,max_rebound\n");
        StringBuilder points = new StringBuilder("rid,step,loss\n");
        for (int rid = 0; rid < 12; rid++) {
            double params = rid % 3 == 0 ? 1e8 : rid % 3 == 1 ? 2e8 : 4e8;
            double level = 3 - .1 * (rid % 3) + .01 * rid;
            runs.append(String.format(
                    Locale.ROOT,
                    "%d,run%d,marin,%.0f,12,768,adamw,.004,.1,1000,1e6,cosine,50,1000,0,,10,1000,%.4f,0%n",
                    rid,
                    rid,
                    params,
                    level));
            for (int step = 100; step <= 1000; step += 50) {
                points.append(
                        String.format(Locale.ROOT, "%d,%d,%.4f%n", rid, step, level + .5 * (1000 - step) / 1000.));
            }
        }
        Files.writeString(home.resolve("runs.csv"), runs);
        Files.writeString(home.resolve("points.csv"), points);
        return home;
    }

    private static CommandLineRun run(Object... arguments) {
        List<String> all = new ArrayList<>(List.of("backtest"));
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> at(Map<String, Object> tree, String... path) {
        Map<String, Object> node = tree;
        for (String name : path) {
            node = (Map<String, Object>) Objects.requireNonNull(node.get(name), name);
        }
        return node;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> scores(Map<String, Object> methods, String method) {
        return (List<Map<String, Object>>) Objects.requireNonNull(methods.get(method), method);
    }

    private static double number(Map<String, Object> score, String name) {
        return ((Number) Objects.requireNonNull(score.get(name), name)).doubleValue();
    }

    @Test
    void json_hasEveryMethodFractionAndStatistic() throws Exception {
        CommandLineRun run = run(curves("a/ladder.csv", 3, 4), "--json", "--fractions", ".3,.6,.9");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(1);
        Map<String, Object> report = run.json();
        assertThat(report.get("curves")).isEqualTo(12);
        assertThat(report).containsKeys("methods", "macro", "bySource", "bySchedule", "skipped");
        assertThat(at(report, "bySource")).containsOnlyKeys("ladder");
        assertThat(at(report, "bySchedule")).containsOnlyKeys("constant", "cosine");
        for (Map<String, Object> methods : List.of(
                at(report, "methods"),
                at(report, "macro"),
                at(report, "bySource", "ladder"),
                at(report, "bySchedule", "cosine"))) {
            assertThat(methods).containsOnlyKeys(METHODS);
            for (String method : METHODS) {
                assertThat(scores(methods, method))
                        .hasSize(3)
                        .allSatisfy(score -> assertThat(score).containsOnlyKeys(STATISTICS));
                assertThat(scores(methods, method))
                        .extracting(score -> score.get("fraction"))
                        .containsExactly(.3, .6, .9);
            }
        }
        assertThat(scores(at(report, "methods"), "straightedge"))
                .allSatisfy(score -> assertThat(number(score, "n")).isEqualTo(12));
        assertThat(scores(at(report, "methods"), "last-value"))
                .allSatisfy(score -> assertThat(score.get("coverage80")).isNull());
    }

    @Test
    void forecasts_ofCurvesOfTheRightForm_beatTheLastValue() throws Exception {
        Map<String, Object> methods = at(
                run(curves("a/ladder.csv", 3, 4), "--json", "--fractions", ".3,.7")
                        .json(),
                "methods");
        for (int i = 0; i < 2; i++) {
            double own = number(scores(methods, "straightedge").get(i), "medianNats");
            double last = number(scores(methods, "last-value").get(i), "medianNats");
            assertThat(own).isLessThan(last / 3);
        }
    }

    @Test
    void threads_doNotChangeAByte() throws Exception {
        Path file = curves("a/ladder.csv", 2, 20);
        CommandLineRun one = run(file, "--json", "--threads", 1, "--methods", "straightedge,last-value");
        CommandLineRun three = run(file, "--json", "--threads", 3, "--methods", "straightedge,last-value");
        assertThat(one.exit()).as(one.err()).isZero();
        assertThat(three.out()).isEqualTo(one.out());
    }

    @Test
    void truth_evaluatedAndMeanOfTheLast_differByTheTail() throws Exception {
        Path file = curves("a/ladder.csv", 1, 2);
        Map<String, Object> mean = run(file, "--json", "--truth", "last2pct", "--methods", "last-value")
                .json();
        Map<String, Object> last = run(file, "--json", "--truth", "evaluated", "--methods", "last-value")
                .json();
        assertThat(last.get("truth")).isNotEqualTo(mean.get("truth"));
        double byMean = number(scores(at(mean, "methods"), "last-value").get(5), "meanNats");
        double byLast = number(scores(at(last, "methods"), "last-value").get(5), "meanNats");
        assertThat(byMean).isNotEqualTo(byLast).isCloseTo(byLast, within(.02));
    }

    @Test
    void losscast_isHeldAgainstTheEvaluatedLoss() throws Exception {
        CommandLineRun run = run(losscast(), "--json", "--methods", "last-value", "--fractions", ".5");
        assertThat(run.exit()).as(run.err()).isZero();
        Map<String, Object> score =
                scores(at(run.json(), "methods"), "last-value").get(0);
        assertThat(number(score, "n")).isEqualTo(12);
        // At half the plan the line lies .25 above its end; the window of 2 % holds one observation.
        assertThat(number(score, "meanNats")).isCloseTo(.25, within(1e-3));
    }

    @ParameterizedTest
    @CsvSource({
        "none,           12, none",
        "others,         12, other groups",
        "smaller,        12, smaller models",
        "smaller:200M,   8,  below",
        "smaller:200M+3, 5,  and 3 runs",
        "earlier,        12, earlier",
    })
    void history_decidesWhatIsTested(String history, int curves, String said) throws Exception {
        CommandLineRun run = run(losscast(), "--json", "--history", history, "--methods", "straightedge");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.json().get("curves")).isEqualTo(curves);
        assertThat(String.valueOf(run.json().get("history"))).contains(said);
    }

    @Test
    void history_ofAnotherFile_isLearntFromAndNotTested() throws Exception {
        Path old = curves("old/ladder.csv", 3, 4);
        Path fresh = curves("new/fresh.csv", 1, 3);
        CommandLineRun run = run(fresh, "--history", old, "--json", "--methods", "straightedge");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.json().get("curves")).isEqualTo(3);
        assertThat(String.valueOf(run.json().get("history"))).contains("12 runs of other files");
        CommandLineRun alone = run(fresh, "--history", "none", "--json", "--methods", "straightedge");
        assertThat(alone.json().get("methods")).isNotEqualTo(run.json().get("methods"));
    }

    @Test
    void leaveOutSource_relearnsFactorsFromThreeSources() throws Exception {
        Path a = curves("a/one.csv", 1, 4);
        Path b = curves("b/two.csv", 2, 4);
        Path c = curves("c/three.csv", 1, 6);
        CommandLineRun run = run(a, b, c, "--leave-out", "source", "--json", "--methods", "straightedge");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(at(run.json(), "bySource")).hasSize(3);
        CommandLineRun few = run(a, b, "--leave-out", "source", "--json");
        assertThat(few.exit()).isEqualTo(2);
        assertThat(few.err()).contains("3 sources, and there are 2");
    }

    @Test
    void text_saysHistoryTruthAndWhatWasLeftOut() throws Exception {
        Path file = curves("a/ladder.csv", 2, 2);
        Files.writeString(file, "ladder,short,1e7,100,,,,3,train\n", StandardOpenOption.APPEND);
        CommandLineRun run = run(file);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("4 curves of 1 sources")
                .contains("cross-validation")
                .contains("mean of the last 2 %")
                .contains("fewer than three losses: 1 runs")
                .contains("multi-power-law");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plot.svg", "plot.png"})
    void plot_isWritten(String name) throws Exception {
        Path plot = folder.resolve(name);
        CommandLineRun run = run(curves("a/ladder.csv", 1, 2), "--plot", plot);
        assertThat(run.exit()).as(run.err()).isZero();
        byte[] image = Files.readAllBytes(plot);
        if (name.endsWith(".svg")) {
            assertThat(Files.readString(plot)).contains("Calibration", "multi-power-law", "at 90 %");
        } else {
            assertThat(image).startsWith(0x89, 'P', 'N', 'G');
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--fractions,  0.5x,      0.5x",
        "--fractions,  1.5,       above 0 and below 1",
        "--truth,      final,     final",
        "--leave-out,  model,     model",
        "--leave-out,  none,      ''",
        "--history,    nothere,   nothere",
        "--history,    smaller:x, smaller:200M",
        "--methods,    magic,     multi-power-law",
        "--split,      val,       train",
        "--threads,    0,         threads",
        "--plot,       a.pdf,     .svg",
        "--schedules,  gone.csv,  gone.csv",
    })
    void wrongOption_isExplained(String option, String value, String said) throws Exception {
        CommandLineRun run = run(curves("a/ladder.csv", 1, 1), option, value);
        if (said.isEmpty()) {
            assertThat(run.exit()).as(run.err()).isZero();
        } else {
            assertThat(run.exit()).as(run.err()).isIn(1, 2);
            assertThat(run.err()).contains(said);
        }
    }

    @Test
    void missingFile_fails() {
        CommandLineRun run = run(folder.resolve("gone.csv"));
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("there is no file").contains("gone.csv");
    }

    @Test
    void noUsableCurve_exitsThreeWithTheReason() throws IOException, MessageException {
        Path file = Files.writeString(folder.resolve("x.csv"), "run,step,loss\na,1,3\na,2,nan\nb,1,3\n");
        CommandLineRun run = run(file, "--json");
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).contains("no curve could be tested").contains("fewer than three losses");
        assertThat(run.json().get("curves")).isEqualTo(0);
    }

    @Test
    void restarts_areFollowedToTheLastAttempt() throws Exception {
        StringBuilder text = new StringBuilder("run,step,loss\n");
        for (int step = 20; step <= 1200; step += 20) {
            text.append(String.format(Locale.ROOT, "a,%d,%.5f%n", step, 2 + 6 * Math.pow(step, -.45)));
        }
        for (int step = 620; step <= STEPS; step += 20) {
            text.append(String.format(Locale.ROOT, "a,%d,%.5f%n", step, 2.1 + 6 * Math.pow(step, -.45)));
        }
        Path file = Files.writeString(folder.resolve("restart.csv"), text);
        Map<String, Object> methods = at(
                run(file, "--json", "--fractions", ".25,.9", "--methods", "straightedge,last-value")
                        .json(),
                "methods");
        assertThat(number(scores(methods, "straightedge").get(1), "meanNats")).isLessThan(.03);
        assertThat(number(scores(methods, "last-value").get(1), "meanNats")).isLessThan(.02);
    }
}
