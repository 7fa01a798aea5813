package io.straightedge.deploy.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.deploy.offline.FitReport;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.law.Allocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FitCommandTest {

    @TempDir
    Path folder;

    private String finals = "";

    @BeforeEach
    void write() throws IOException {
        finals = LawSample.write(folder.resolve("finals.csv"), 0.002).toString();
    }

    @Test
    void json_ofAFit_isOneObjectWithTheStatedFields() throws Exception {
        CommandLineRun run = CommandLineRun.of("fit", finals, "--budget", "1e22", "--json");
        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).hasSize(1);
        Map<String, Object> json = run.json();
        assertThat(json)
                .containsEntry("law", "chinchilla")
                .containsEntry("points", 42)
                .containsKeys("objective", "optimum", "certificate", "diagnostics", "provenance", "covariance", "runs")
                .doesNotContainKey("refused");
        assertThat(object(json, "coefficients")).containsOnlyKeys("A", "B", "E", "alpha", "beta");
        assertThat(object(object(json, "provenance"), "columns")).containsEntry("params", "params");
        assertThat(object(json, "provenance"))
                .containsEntry("form", "chinchilla")
                .containsKey("holdOut");
        Map<String, Object> optimum = entries(((List<?>) Objects.requireNonNull(json.get("optimum"))).get(0));
        assertThat(optimum).containsKeys("C", "N", "D", "tokensPerParameter", "loss", "intervals");
        assertThat(object(optimum, "intervals")).containsOnlyKeys("N", "D", "tokensPerParameter", "loss");
        assertThat(object(object(optimum, "intervals"), "N"))
                .containsOnlyKeys("lower80", "upper80", "lower95", "upper95");
    }

    @Test
    void fit_ofAKnownLaw_recoversIt() throws Exception {
        String exact = LawSample.write(folder.resolve("exact.csv"), 0).toString();
        FitReport report = report("fit", exact, "--budget", "1e22", "--json");
        Allocation truth = LawSample.TRUTH.optimum(1e22);
        FitReport.Optimum found = report.optimum().get(0);
        assertThat(found.params()).isCloseTo(truth.params(), within(1e-6 * truth.params()));
        assertThat(found.tokens()).isCloseTo(truth.tokens(), within(1e-6 * truth.tokens()));
        assertThat(found.loss()).isCloseTo(truth.loss(), within(1e-8));
        assertThat(Objects.requireNonNull(report.coefficients().get("alpha"))).isCloseTo(0.35, within(1e-6));
        assertThat(report.runs())
                .allSatisfy(row ->
                        assertThat(Objects.requireNonNull(row.residual())).isCloseTo(0.0, within(1e-8)));
        assertThat(Objects.requireNonNull(report.isoflop()).budgets()).hasSize(6);
    }

    @Test
    void fit_ofNoisyRuns_hasTheTruthInItsIntervals() throws Exception {
        FitReport report = report("fit", finals, "--budget", "1e22", "--json", "--bootstrap", "300");
        FitReport.Optimum found = report.optimum().get(0);
        Allocation truth = LawSample.TRUTH.optimum(1e22);
        assertThat(found.intervalsFrom()).isEqualTo("bootstrap");
        assertThat(truth.params())
                .isBetween(
                        found.intervals().params().lower95(),
                        found.intervals().params().upper95());
        assertThat(truth.loss())
                .isBetween(
                        found.intervals().loss().lower95(),
                        found.intervals().loss().upper95());
        assertThat(Objects.requireNonNull(report.bootstrap()).draws()).isEqualTo(300);
        assertThat(Objects.requireNonNull(report.bootstrap()).coefficients())
                .containsOnlyKeys("A", "B", "E", "alpha", "beta");
    }

    @Test
    void fit_again_printsTheSameBytes() {
        String[] arguments = {"fit", finals, "--bootstrap", "50", "--seed", "7", "--json"};
        assertThat(CommandLineRun.of(arguments).out())
                .isEqualTo(CommandLineRun.of(arguments).out());
    }

    @Test
    void fit_forPeople_saysWhatMatters() {
        CommandLineRun run = CommandLineRun.of("fit", finals, "--budget", "1e22");
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("chinchilla, 42 points, objective ")
                .contains("certified optimum")
                .contains("A and alpha alone are not identified (correlation 0.9")
                .contains("best split of a budget")
                .contains("is expected to end at")
                .contains("predicted from the smaller budgets alone")
                .contains("approach 2, 6 budgets")
                .contains("runs that weigh most")
                .doesNotContain("null")
                .doesNotContain("NaN");
    }

    @Test
    void fit_ofOtherNames_saysWhatWasTakenForWhat() throws Exception {
        String text = Files.readString(Path.of(finals))
                .replace("params,tokens,flops,loss", "Model Size,x,Training FLOP,loss");
        Path file = Files.writeString(folder.resolve("other.csv"), text);
        CommandLineRun run = CommandLineRun.of("fit", file.toString());
        assertThat(run.exit()).isZero();
        assertThat(run.err())
                .contains("params from Model Size")
                .contains("flops from Training FLOP")
                .contains("tokens are taken as D = C/(6N)");
        assertThat(report("fit", file.toString(), "--json").provenance().columns())
                .containsEntry("params", "Model Size")
                .containsEntry("tokens", "flops / (6 params)");
    }

    @Test
    void fit_ofTooFewPoints_refusesWithItsOwnExitCode() throws Exception {
        Path few =
                Files.writeString(folder.resolve("few.csv"), LawSample.HEADER + "f,a,1e8,1e9,,3\nf,b,1e9,1e10,,2.8\n");
        CommandLineRun run = CommandLineRun.of("fit", few.toString(), "--json");
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).contains("no law: 2 points");
        FitReport report = Json.read(run.out().getBytes(UTF_8), FitReport.class);
        assertThat(report.law()).isEqualTo("chinchilla");
        assertThat(report.refused()).contains("2 points");
        assertThat(report.objective()).isNull();
        assertThat(report.coefficients()).isEmpty();
        assertThat(CommandLineRun.of("fit", few.toString()).exit()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--law nonsense              | no law is called nonsense; there are chinchilla",
                "--family g                  | there is no family g; found f",
                "--where tokens>1e99         | no row meets",
                "--budget 0                  | --budget 0.0: it must be a finite number above 0",
                "--budget much               | 'much' is not a double",
                "--bootstrap -1              | --bootstrap -1: it must be from 0",
                "--hold-out-budgets -1       | must not be negative",
                "--approach 4                | --approach 4: it must be 1, 2 or 3",
                "--plot law.pdf              | must end in .svg or .png",
                "--plot law.svg --approach 2 | needs --approach 3",
                "--column params             | write COLUMN=HEADER",
                "--column size=params        | there is no column size",
                "--delta 0                   | delta must be above 0",
                "--drop-highest-loss 43      | there are only 42 points",
            })
    void fit_withAWrongCommandLine_saysSoAndEndsWithTwo(String options, String said) {
        String[] words = ("fit " + finals + " " + options).split(" ", -1);
        CommandLineRun run = CommandLineRun.of(words);
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(said);
    }

    @Test
    void fit_ofNoFile_saysSo() {
        CommandLineRun run = CommandLineRun.of("fit", folder.resolve("gone.csv").toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("there is no file");
        assertThat(CommandLineRun.of("fit").exit()).isEqualTo(2);
    }

    @Test
    void fit_ofABadRow_namesFileLineColumnAndValue() throws Exception {
        Path file = Files.writeString(
                folder.resolve("bad.csv"), Files.readString(Path.of(finals)) + "f,x,1e8,1e9,6e17,nan\n");
        CommandLineRun run = CommandLineRun.of("fit", file.toString(), "--json");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("bad.csv, line 44, column loss: \"nan\"");
        assertThat(CommandLineRun.of("fit", file.toString(), "--skip-bad-rows").exit())
                .isZero();
    }

    @Test
    void fit_ofMillionsAndBillions_isTheSameLawAndSaysSo() throws Exception {
        StringBuilder text = new StringBuilder("params,tokens,loss\n");
        StringBuilder withFlops = new StringBuilder(LawSample.HEADER);
        for (String line : Files.readAllLines(Path.of(finals))) {
            String[] cell = line.split(",", -1);
            if (!cell[2].equals("params")) {
                double params = Double.parseDouble(cell[2]) / 1e6;
                double tokens = Double.parseDouble(cell[3]) / 1e9;
                text.append(params)
                        .append(',')
                        .append(tokens)
                        .append(',')
                        .append(cell[5])
                        .append('\n');
                withFlops
                        .append("f,")
                        .append(cell[1])
                        .append(',')
                        .append(params)
                        .append(',')
                        .append(tokens);
                withFlops
                        .append(',')
                        .append(cell[4])
                        .append(',')
                        .append(cell[5])
                        .append('\n');
            }
        }
        FitReport written = report("fit", finals, "--json");
        FitReport scaled =
                report("fit", Files.writeString(folder.resolve("m.csv"), text).toString(), "--json");
        double objective = Objects.requireNonNull(written.objective());
        assertThat(scaled.objective()).isCloseTo(objective, within(1e-8 * objective));
        assertThat(scaled.coefficients().get("alpha"))
                .isCloseTo(Objects.requireNonNull(written.coefficients().get("alpha")), within(1e-8));
        assertThat(written.diagnostics()).noneMatch(doubt -> doubt.contains("write the numbers out"));
        assertThat(scaled.diagnostics()).anyMatch(doubt -> doubt.startsWith("the largest D is "));
        assertThat(report(
                                "fit",
                                Files.writeString(folder.resolve("f.csv"), withFlops)
                                        .toString(),
                                "--json")
                        .diagnostics())
                .anyMatch(doubt -> doubt.startsWith("C is 1e+15 times 6ND, a power of a thousand"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1e8 | 1e9 | all points have the same N",
                "    | 1e9 | all points have the same D",
            })
    void fit_ofOneSizeOrOneLength_isRefused(@Nullable String params, String tokens, String said) throws Exception {
        StringBuilder text = new StringBuilder("params,tokens,loss\n");
        for (int i = 1; i <= 9; i++) {
            text.append(params == null ? i + "e8" : params).append(',');
            text.append(params == null ? tokens : i + "e9")
                    .append(',')
                    .append(3 - 0.1 * i)
                    .append('\n');
        }
        CommandLineRun run = CommandLineRun.of(
                "fit", Files.writeString(folder.resolve("one.csv"), text).toString());
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).contains(said);
    }

    @Test
    void law_all_choosesByHeldOutBudgetsAndListsTheOthers() throws Exception {
        FitReport report = report("fit", finals, "--law", "all", "--json");
        assertThat(report.alternatives()).hasSizeGreaterThan(2);
        double chosen = Objects.requireNonNull(report.provenance().rollingPercent());
        // A law that is not clearly better does not take Chinchilla's place.
        assertThat(report.alternatives())
                .filteredOn(other -> other.rollingPercent() != null)
                .hasSizeGreaterThan(2)
                .allSatisfy(other -> assertThat(Objects.requireNonNull(other.rollingPercent()))
                        .isGreaterThanOrEqualTo(0.8 * chosen))
                .isSortedAccordingTo(
                        Comparator.comparingDouble(other -> Objects.requireNonNull(other.rollingPercent())));
        assertThat(CommandLineRun.of("fit", finals, "--law", "all").out()).contains("other laws, best first:");
    }

    @Test
    void approach_two_givesTheTrendsOfTheBudgets() throws Exception {
        FitReport report = report("fit", finals, "--approach", "2", "--budget", "1e22", "--json");
        assertThat(report.law()).isEqualTo("isoflop");
        double a = Objects.requireNonNull(report.coefficients().get("a"));
        double b = Objects.requireNonNull(report.coefficients().get("b"));
        assertThat(a).isCloseTo(LawSample.TRUTH.exponentOfParams(), within(0.03));
        assertThat(a + b).isCloseTo(1, within(1e-6));
        FitReport.Optimum optimum = report.optimum().get(0);
        assertThat(optimum.params() * optimum.tokens()).isCloseTo(1e22 / 6, within(0.01 * 1e22 / 6));
        assertThat(CommandLineRun.of("fit", finals, "--approach", "2").out())
                .contains("isoflop, 42 points")
                .doesNotContain("NaN");
    }

    @Test
    void approach_one_takesWholeCurves() throws Exception {
        StringBuilder text = new StringBuilder("run,params,step,tokens,loss\n");
        for (int size = 0; size < 8; size++) {
            double params = 1e7 * Math.pow(2, size);
            for (int step = 1; step <= 40; step++) {
                double tokens = 2 * params * step;
                text.append("r")
                        .append(size)
                        .append(',')
                        .append(params)
                        .append(',')
                        .append(step)
                        .append(',')
                        .append(tokens)
                        .append(',')
                        .append(LawSample.TRUTH.loss(params, tokens))
                        .append('\n');
            }
        }
        String curves = Files.writeString(folder.resolve("curves.csv"), text).toString();
        FitReport report = report("fit", curves, "--approach", "1", "--json");
        assertThat(report.law()).isEqualTo("envelope");
        assertThat(report.points()).isEqualTo(320);
        assertThat(report.diagnostics()).anyMatch(doubt -> doubt.contains("annealed"));
        assertThat(Objects.requireNonNull(report.coefficients().get("a")))
                .isCloseTo(LawSample.TRUTH.exponentOfParams(), within(0.1));
        FitReport finalsOnly = report("fit", curves, "--json");
        assertThat(finalsOnly.points()).isEqualTo(8);
    }

    @Test
    void plot_ofAFit_isSvgOrPng() throws Exception {
        Path svg = folder.resolve("law.svg");
        Path png = folder.resolve("law.PNG");
        CommandLineRun run = CommandLineRun.of("fit", finals, "--plot", svg.toString());
        assertThat(run.exit()).isZero();
        assertThat(run.err()).contains("plot in " + svg);
        assertThat(Files.readString(svg))
                .startsWith("<svg ")
                .contains("Loss over the law")
                .contains("IsoFLOP curves")
                .contains("The best loss that compute buys")
                .contains("runs")
                .endsWith("</svg>\n");
        assertThat(CommandLineRun.of("fit", finals, "--json", "--plot", png.toString())
                        .exit())
                .isZero();
        assertThat(Files.readAllBytes(png)).startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    void help_ofFit_hasExamplesAndExitCodes() {
        CommandLineRun run = CommandLineRun.of("fit", "--help");
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("Examples:")
                .contains("no law can be fitted")
                .contains("--drop-highest-loss");
    }

    private static FitReport report(String... arguments) throws Exception {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.err()).isEmpty();
        return Json.read(run.out().getBytes(UTF_8), FitReport.class);
    }

    private static Map<String, Object> object(Map<String, Object> json, String field) {
        return entries(Objects.requireNonNull(json.get(field)));
    }

    private static Map<String, Object> entries(Object json) {
        Map<String, Object> entries = new LinkedHashMap<>();
        ((Map<?, ?>) json).forEach((name, value) -> entries.put(String.valueOf(name), value));
        return entries;
    }
}
