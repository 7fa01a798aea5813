package io.straightedge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.straightedge.deploy.offline.FitReport;
import io.straightedge.deploy.offline.PlanReport;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.signal.Interval;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlanCommandTest {

    @TempDir
    Path folder;

    /** Published: over-training and inference of the law of Chinchilla's own points, at Gopher's compute. */
    @Test
    void plan_byThePublishedPoints_givesThePublishedFigures() throws Exception {
        PlanReport.BudgetPlan plan =
                plan("--preset", "epoch", "--budget", "5.76e23", "--inference-tokens", "1e13", "--overtrain", "0.3");
        assertThat(plan.params()).isCloseTo(7.31904e10, within(0.00001e10));
        assertThat(plan.tokens()).isCloseTo(1.31165e12, within(0.00001e12));
        assertThat(plan.loss()).isCloseTo(1.973912, within(1e-6));
        assertThat(plan.otherSizes().get(0).tokensTimes()).isCloseTo(1.3781, within(0.0001));
        assertThat(plan.otherSizes().get(1).extraShare()).isCloseTo(0.2599, within(0.0001));
        assertThat(Objects.requireNonNull(plan.overtrained()).extraShare()).isCloseTo(1.6216, within(0.0002));
        assertThat(Objects.requireNonNull(plan.served()).shareOfParams()).isCloseTo(0.470, within(0.001));
        assertThat(Objects.requireNonNull(plan.served()).savedShare()).isCloseTo(0.2879, within(0.0001));
        assertThat(plan.next()).isNull();
    }

    @Test
    void plan_byAFittedLaw_isWhatTheFitSaid() throws Exception {
        String finals = LawSample.write(folder.resolve("finals.csv"), 0.002).toString();
        CommandLineRun fit = CommandLineRun.of("fit", finals, "--budget", "1e22", "--json");
        Path file = Files.writeString(folder.resolve("fit.json"), fit.out());
        FitReport.Optimum fitted = Json.read(fit.out().getBytes(StandardCharsets.UTF_8), FitReport.class)
                .optimum()
                .get(0);
        CommandLineRun run = CommandLineRun.of("plan", "--law-file", file.toString(), "--budget", "1e22", "--json");
        assertThat(run.exit()).isZero();
        LawSaid plan = Json.read(run.out().getBytes(StandardCharsets.UTF_8), PlanSaid.class)
                .budgets()
                .get(0);
        assertThat(plan.params()).isEqualTo(fitted.params());
        assertThat(plan.tokens()).isEqualTo(fitted.tokens());
        assertThat(plan.loss()).isEqualTo(fitted.loss());
        assertThat(plan.intervals()).isEqualTo(fitted.intervals());
        assertThat(plan.runLoss()).isEqualTo(fitted.runLoss());
        assertThat(plan.extrapolation()).isEqualTo(fitted.extrapolation());
        assertThat(plan.next()).containsKey("best");
    }

    @Test
    void plan_byAFileWrittenByHand_needsNameAndCoefficientsOnly() throws Exception {
        Path file = Files.writeString(folder.resolve("hand.json"), """
                {"law": "chinchilla", "coefficients": {"E": 1.69, "A": 406.4, "B": 410.7, "alpha": 0.34, "beta": 0.28}}
                """);
        PlanReport.BudgetPlan plan = plan("--law-file", file.toString(), "--budget", "1e21");
        assertThat(plan.params()).isCloseTo(1.82422e9, within(0.00001e9));
        assertThat(plan.intervals().params().lower95()).isNaN();
    }

    @Test
    void plan_byARefusedFit_saysWhy() throws Exception {
        Path few = Files.writeString(folder.resolve("few.csv"), LawSample.HEADER + "f,a,1e8,1e9,,3\n");
        Path file = Files.writeString(
                folder.resolve("fit.json"),
                CommandLineRun.of("fit", few.toString(), "--json").out());
        CommandLineRun run = CommandLineRun.of("plan", "--law-file", file.toString(), "--budget", "1e22");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("holds no law: all points have the same N");
    }

    /** What a script reads of a plan. */
    private record PlanSaid(List<LawSaid> budgets) {}

    private record LawSaid(
            @JsonProperty("N") double params,
            @JsonProperty("D") double tokens,
            double loss,
            Interval runLoss,
            FitReport.Intervals intervals,
            double extrapolation,
            Map<String, Object> next) {}

    @Test
    void plan_ofOnesOwn_isJudged() throws Exception {
        PlanReport.BudgetPlan plan = plan("--preset", "epoch", "--params", "2.8e11", "--tokens", "3e11");
        assertThat(plan.flops()).isCloseTo(5.04e23, within(1e9 * 5.04));
        assertThat(Objects.requireNonNull(plan.plan()).wastedShare()).isBetween(0.3, 0.7);
        assertThat(plan.plan().loss().value()).isGreaterThan(plan.loss());
    }

    @Test
    void plan_ofLittleData_repeatsOrLimits() throws Exception {
        PlanReport.BudgetPlan plan = plan(
                "--preset", "muennighoff-c4", "--budget", "1e22", "--unique-tokens", "2e10", "--max-tokens", "2e10");
        assertThat(Objects.requireNonNull(plan.repeated()).epochs()).isGreaterThan(4);
        assertThat(plan.repeated().loss()).isGreaterThan(plan.loss());
        assertThat(Objects.requireNonNull(plan.tokenLimited()).tokens()).isEqualTo(2e10);
        assertThat(plan.tokenLimited().loss()).isGreaterThan(plan.repeated().loss());
    }

    @Test
    void plan_forPeople_saysAllThatWasAsked() {
        CommandLineRun run =
                CommandLineRun.of(("plan --preset epoch --budget 5.76e23 --budget 1e24 --inference-tokens 1e13"
                                + " --unique-tokens 1e11 --max-tokens 1e11 --params 1e11 --overtrain 0.6")
                        .split(" ", -1));
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("by epoch (Besiroglu")
                .contains("5.760e+23 FLOPs")
                .contains("1.000e+24 FLOPs")
                .contains("your plan:")
                .contains("0.600 N*")
                .contains("serving 1.00e+13 tokens")
                .contains("of 1.00e+11 unique tokens")
                .contains("at most 1.00e+11 tokens")
                .contains("loses less than 0.1 %")
                .doesNotContain("NaN")
                .doesNotContain("null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--budget 1e22                                    | no law to plan by",
                "--preset epoch                                   | no budget: give --budget",
                "--preset nobody --budget 1e22                    | no preset named 'nobody'; there are",
                "--preset kaplan-n --budget 1e22                  | is no law of both N and D",
                "--preset kaplan-steps --budget 1e22              | is no law of both N and D",
                "--preset epoch --law-file x.json --budget 1e22   | exclude each other",
                "--law-file gone.json --budget 1e22               | there is no file gone.json",
                "--preset epoch --budget -1                       | it must be a finite number above 0",
                "--preset epoch --budget 1e22 --inference-tokens 0| inferenceTokens must be a finite number above 0",
                "--preset epoch --budget 1e22 --overtrain 0       | --overtrain 0.0",
            })
    void plan_withAWrongCommandLine_saysSoAndEndsWithTwo(String options, String said) {
        CommandLineRun run = CommandLineRun.of(("plan " + options).split(" ", -1));
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not json                                           | is not what straightedge fit --json prints",
                "{}                                                 | is not what straightedge fit --json prints",
                "{\"law\":\"chinchilla\"}                          | law and coefficients are needed",
                "{\"law\":\"none\",\"coefficients\":{\"E\":1}}      | no law of form none",
                "{\"law\":\"chinchilla\",\"coefficients\":{\"E\":1}} | no law of form chinchilla with {E=1.0}",
            })
    void plan_byAFileThatIsNoLaw_saysSo(String content, String said) throws Exception {
        Path file = Files.writeString(folder.resolve("law.json"), content);
        CommandLineRun run = CommandLineRun.of("plan", "--law-file", file.toString(), "--budget", "1e22");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains(said);
    }

    private static PlanReport.BudgetPlan plan(String... options) throws Exception {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "plan";
        arguments[1] = "--json";
        System.arraycopy(options, 0, arguments, 2, options.length);
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        return Json.read(run.out().getBytes(StandardCharsets.UTF_8), PlanReport.class)
                .budgets()
                .get(0);
    }
}
