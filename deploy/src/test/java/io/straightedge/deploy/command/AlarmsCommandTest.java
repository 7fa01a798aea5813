package io.straightedge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.protocol.codec.MessageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** The command on two runs that are made here: one healthy, one with a loss that is no number from step 800 on. */
class AlarmsCommandTest {

    private static final List<String> BASELINES = List.of("wandb-z3-30", "olmo-6sigma-128", "llm-foundry");

    @TempDir
    private Path folder;

    private String curves() throws IOException {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder("family,run,params,step,tokens,flops,lr,loss,split,grad_norm\n");
        for (int step = 1; step <= 1000; step++) {
            for (String run : List.of("calm", "broken")) {
                double loss = 2 + 6 * Math.pow((double) step, -.4) + .02 * random.nextGaussian();
                String shown = run.equals("broken") && step >= 800 ? "nan" : String.format(Locale.ROOT, "%.5f", loss);
                text.append(String.format(Locale.ROOT, "f,%s,,%d,,,,%s,train,.2%n", run, step, shown));
            }
        }
        return Files.writeString(folder.resolve("curves.csv"), text).toString();
    }

    private String labels() throws IOException {
        String text = """
                file,run,kind,step_begin,step_end,how_you_know
                curves.csv,broken,divergence,800,1000,made so
                curves.csv,calm,spike,300,310,it is not there
                others.csv,broken,divergence,100,200,of another file
                """;
        return Files.writeString(folder.resolve("labels.csv"), text).toString();
    }

    @Test
    void alarms_withLabels_printOneObjectWithAllThatIsAsked() throws Exception {
        CommandLineRun run = CommandLineRun.of("backtest", curves(), "--alarms", "--labels", labels(), "--json");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().strip().lines()).hasSize(1);
        Map<String, Object> report = run.json();
        assertThat(report)
                .containsKeys("byDetector", "runDays", "perThousandSteps", "perThousandRunDays", "warnings", "notices")
                .containsEntry("observations", 2000);
        Map<String, Object> page = list(report, "pages").get(0);
        assertThat(page)
                .containsEntry("run", "broken")
                .containsEntry("rule", "non-finite")
                .containsEntry("onsetStep", 800)
                .containsKey("foundStep")
                .containsEntry("severity", "critical")
                .containsEntry("sizeNats", "NaN");
        assertThat(map(report, "labels"))
                .containsEntry("found", 1)
                .containsEntry("missed", 1)
                .containsEntry("medianDelay", 1.0)
                .containsEntry("withoutRun", 1);
        assertThat(map(report, "baselines").keySet()).containsExactlyInAnyOrderElementsOf(BASELINES);
        for (String name : BASELINES) {
            assertThat(map(map(report, "baselines"), name))
                    .containsEntry("observations", 2000)
                    .containsEntry("runDays", report.get("runDays"))
                    .containsKeys("pages", "warnings", "perThousandSteps", "perThousandRunDays");
            assertThat(map(map(map(report, "baselines"), name), "labels"))
                    .containsKeys("found", "missed", "medianDelay");
        }
    }

    @Test
    void alarms_forPeople_areATable() throws Exception {
        CommandLineRun run = CommandLineRun.of("backtest", curves(), "--alarms");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("2,000 observations of 2 runs", "straightedge", "wandb-z3-30", "page: non-finite of broken")
                .doesNotContain("missed");
    }

    @Test
    void alarms_withRulesThatSaySo_areSilent() throws Exception {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), "rules:\n  non-finite:\n    enabled: false\n");
        CommandLineRun run = CommandLineRun.of("backtest", curves(), "--alarms", "--rules", rules.toString(), "--json");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(list(run.json(), "pages")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--labels LABELS | only with --alarms",
                "--inject | only with --alarms",
                "--alarms --fractions .5 | --fractions: not with --alarms",
                "--alarms --plot a.svg | --plot: not with --alarms",
                "--alarms --injections 3 | only with --inject",
                "--alarms --inject --injections 0 | at least 1",
                "--alarms --seconds-per-observation -5 | above 0",
                "--alarms --labels gone.csv | there is no file gone.csv",
                "--alarms --rules BAD | bad.yaml",
                "--alarms --labels CURVES | missing columns [step_begin, step_end]",
                "--resample 3 | only with --alarms",
                "--alarms --resample 3 --inject | not with",
                "--alarms --resample 0 | above 0",
                "--alarms --resample 3 | no residuals to draw from",
                "--alarm | Unknown option",
                "--alarms --split val | the files hold [train]",
            })
    void alarms_withAWrongLine_sayWhatIsWrong(String options, String said) throws Exception {
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "rules:\n  spik:\n    enabled: true\n");
        List<String> arguments = new ArrayList<>(List.of("backtest", curves()));
        for (String option : options.trim().split(" ", -1)) {
            arguments.add(option.replace("LABELS", labels())
                    .replace("BAD", bad.toString())
                    .replace("CURVES", curves()));
        }
        CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
        assertThat(run.exit()).isIn(1, 2);
        assertThat(run.err()).contains(said.trim());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, Object> of, String key) {
        return (Map<String, Object>) Objects.requireNonNull(of.get(key));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> of, String key) throws MessageException {
        return (List<Map<String, Object>>) Objects.requireNonNull(of.get(key));
    }
}
