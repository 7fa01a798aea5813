package io.straightedge.ingest.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PastRunsTest {

    private static final String CURVES = """
            family,run,params,step,tokens,flops,lr,loss,split
            f,a,1e8,100,1e6,,.001,4.0,train
            f,a,1e8,200,2e6,,.001,3.5,train
            f,a,1e8,300,3e6,,.0005,3.25,train
            f,a,1e8,300,3e6,,,3.5,val
            g,a,,100,,,,4.0,train
            g,a,,200,,,,3.0,train
            g,a,,300,,,,2.0,train
            """;
    private static final String RUNS = """
            rid,run,source,params,n_layers,d_model,optimizer,lr,weight_decay,batch_tokens,tokens_total,lr_schedule,\
            warmup_steps,total_steps,final_lr_ratio,warmdown_ratio,n_points,last_step,final_loss,max_rebound
            7,big,marin,2e8,12,768,muon,.01,.1,1000,1e6,cosine,100,1000,.1,,3,1000,3.11,0
            8,shape,nano,,10,100,adamw,.02,,1000,1e6,warmup_stable_warmdown,0,1000,0,.2,3,1000,2.9,0
            9,none,nano,,,,adamw,.02,,1000,1e6,linear,0,1000,0,,0,0,,0
            """;
    private static final String POINTS = """
            rid,step,loss
            7,500,3.5
            7,990,3.2
            7,1000,3.1
            8,1000,2.9
            """;

    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        if (!name.endsWith(".gz")) {
            return Files.writeString(file, text);
        }
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(UTF_8));
        }
        return file;
    }

    private static List<PastRun> read(Path... files) throws IOException {
        return PastRuns.read(List.of(files), GivenSchedules.NONE);
    }

    @Test
    void read_curves_makesARunOfEachSplit() throws IOException {
        List<PastRun> runs = read(file("olmo/curves.csv.gz", CURVES));
        assertThat(runs).extracting(PastRun::study).containsExactly("olmo/train", "olmo/val", "olmo/train");
        assertThat(runs).extracting(PastRun::name).containsExactly("f/a", "a", "g/a");
        assertThat(runs).extracting(PastRun::group).containsExactly("100M", "100M", "g");
        PastRun first = runs.get(0);
        assertThat(first.plannedSteps()).isEqualTo(300);
        assertThat(first.manifest().tokensPerStep()).isEqualTo(1e4);
        Schedule plan = Objects.requireNonNull(first.manifest().schedule());
        assertThat(plan.kind()).isEqualTo(ScheduleKind.POINTS);
        assertThat(plan.points()).hasSize(3);
        assertThat(runs.get(2).manifest().schedule()).isNull();
        assertThat(first.losses()).allSatisfy(loss -> {
            assertThat(loss.study()).isEqualTo("olmo/train");
            assertThat(loss.run()).isEqualTo("f/a");
        });
    }

    @Test
    void read_severalFiles_namesTheirSources() throws IOException {
        Path one = file("x/curves_train.csv", CURVES);
        Path two = file("x/mine.csv", CURVES);
        Path three = file("y/mine.csv", CURVES);
        assertThat(read(one, two, three).stream().map(PastRun::source).distinct())
                .containsExactly("x", "mine", "y/mine");
    }

    @Test
    void read_folder_takesWhatHoldsCurves() throws IOException {
        file("z/curves.csv", CURVES);
        file("z/finals.csv", "family,run,params,step,loss\nf,a,1e8,300,3.25\n");
        file("z/notes.csv", "a,b\n1,2\n");
        assertThat(read(folder.resolve("z"))).hasSize(3);
    }

    @Test
    void read_losscast_joinsRecipesAndLosses() throws IOException {
        file("lc/runs.csv.gz", RUNS);
        file("lc/points.csv.gz", POINTS);
        List<PastRun> runs = read(folder.resolve("lc"));
        assertThat(runs).extracting(PastRun::source).containsExactly("marin", "nano", "nano");
        assertThat(runs).extracting(PastRun::group).containsExactly("200M", "10x100", "nano");
        assertThat(runs).extracting(PastRun::size).containsExactly(2e8, 1.2e6, null);
        PastRun big = runs.get(0);
        Schedule cosine = Objects.requireNonNull(big.manifest().schedule());
        assertThat(cosine.kind()).isEqualTo(ScheduleKind.COSINE);
        assertThat(Objects.requireNonNull(cosine.finalLr())).isCloseTo(.001, within(1e-12));
        assertThat(big.manifest().optimizer()).isEqualTo("muon");
        assertThat(big.manifest().hyperparameters()).containsEntry("weightDecay", .1);
        assertThat(Objects.requireNonNull(runs.get(1).manifest().schedule()).decayStartStep())
                .isEqualTo(800);
        assertThat(runs.get(2).losses()).isEmpty();
        assertThat(big.truth(Truth.EVALUATED)).isEqualTo(3.11);
        assertThat(big.truth(Truth.LAST2PCT)).isCloseTo(3.15, within(1e-12));
        assertThat(big.end(Truth.EVALUATED).finalLoss()).isEqualTo(3.11);
        assertThat(big.end(Truth.LAST2PCT).finalLoss()).isNull();
    }

    @Test
    void read_oneFileOfLosscast_findsTheOther() throws IOException {
        Path runs = file("lc/small-runs.csv", RUNS);
        Path points = file("lc/small-points.csv.gz", POINTS);
        assertThat(read(runs)).hasSize(3);
        assertThat(read(points)).hasSize(3);
        assertThat(read(runs, points)).hasSize(3);
        Path alone = file("alone/runs.csv", RUNS);
        assertThatIllegalArgumentException().isThrownBy(() -> read(alone)).withMessageContaining("points.csv");
    }

    @Test
    void read_schedules_planRunsWithoutRates() throws IOException {
        GivenSchedules given = GivenSchedules.read(
                file("s.csv", "run,kind,warmup,decay,final,shape,steps\ng/*,wsd,5%,.8,.1,one-minus-sqrt,400\n"));
        List<PastRun> runs = PastRuns.read(List.of(file("olmo/curves.csv", CURVES)), given);
        Schedule plan = Objects.requireNonNull(runs.get(2).manifest().schedule());
        assertThat(runs.get(2).plannedSteps()).isEqualTo(400);
        assertThat(plan.decayStartStep()).isEqualTo(320);
        assertThat(plan.warmupSteps()).isEqualTo(20);
        assertThat(plan.finalLr()).isEqualTo(.1);
        assertThat(Objects.requireNonNull(runs.get(0).manifest().schedule()).kind())
                .isEqualTo(ScheduleKind.POINTS);
    }

    @Test
    void read_badInput_saysWhereAndWhy() throws IOException {
        Path kind = file("bad.csv", "run,kind\n*,cosin\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GivenSchedules.read(kind))
                .withMessageContaining("row 1")
                .withMessageContaining("cosine");
        Path decay = file("bad2.csv", "run,kind\n*,wsd\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GivenSchedules.read(decay))
                .withMessageContaining("decay");
        Path rows = file("lc/runs.csv", RUNS.replace("cosine", "cosinus"));
        file("lc/points.csv", POINTS);
        assertThatIllegalArgumentException().isThrownBy(() -> read(rows)).withMessageContaining("cosinus");
        Path columns = file("no.csv", "run,stp,loss\n");
        assertThatIllegalArgumentException().isThrownBy(() -> read(columns)).withMessageContaining("step");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThatIllegalArgumentException().isThrownBy(() -> read(empty)).withMessageContaining("no file of curves");
        Assertions.assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> read(folder.resolve("nothere.csv")));
    }

    @Test
    void truth_ofALogWithARestart_isTheLastAttempts() throws IOException {
        Path file = file("r/curves.csv", """
                run,step,loss
                a,100,5
                a,200,4
                a,300,1
                a,200,4.5
                a,300,nan
                a,400,3.5
                """);
        PastRun run = read(file).get(0);
        assertThat(run.truth(Truth.LAST2PCT)).isEqualTo(3.5);
        assertThat(run.lastAttempt()).containsExactly(0, 3, 4, 5);
    }
}
