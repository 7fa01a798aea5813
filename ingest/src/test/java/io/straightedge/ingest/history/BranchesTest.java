package io.straightedge.ingest.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.protocol.run.LossObservation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BranchesTest {

    private static final String HEADER = "family,run,params,step,tokens,flops,lr,loss,split\n";
    private static final String STEM = """
            f,stem,1e8,10,,,1e-3,4.0,val
            f,stem,1e8,200,,,1e-3,3.5,val
            f,stem,1e8,300,,,1e-3,3.25,val
            f,stem,1e8,400,,,1e-3,3.2,val
            """;

    @TempDir
    private Path folder;

    private List<PastRun> read(String rows) throws IOException {
        Path file = Files.writeString(folder.resolve("x.csv"), HEADER + rows);
        return PastRuns.read(List.of(file), GivenSchedules.NONE);
    }

    private static List<Long> steps(PastRun run) {
        return run.losses().stream().map(LossObservation::step).toList();
    }

    @Test
    void read_aRunThatWentOnFromAnother_beginsWhereThatBegan() throws IOException {
        List<PastRun> runs = read(STEM + """
                f,branch,1e8,300,,,1e-3,3.25,val
                f,branch,1e8,350,,,5e-4,3.1,val
                f,branch,1e8,400,,,1e-5,3.0,val
                """);
        PastRun branch = runs.get(1);
        assertThat(steps(branch)).containsExactly(10L, 200L, 300L, 350L, 400L);
        assertThat(branch.losses()).allMatch(seen -> seen.run().equals("branch"));
        assertThat(branch.losses().get(0).loss()).isEqualTo(4.0);
        assertThat(steps(runs.get(0))).containsExactly(10L, 200L, 300L, 400L);
    }

    @Test
    void read_lateRunOfAnotherSizeOrAnotherLoss_staysAsItIs() throws IOException {
        List<PastRun> runs = read(STEM + """
                f,larger,2e8,300,,,1e-3,3.25,val
                f,larger,2e8,350,,,5e-4,3.1,val
                f,larger,2e8,400,,,1e-5,3.0,val
                f,other,1e8,300,,,1e-3,3.26,val
                f,other,1e8,350,,,5e-4,3.1,val
                f,other,1e8,400,,,1e-5,3.0,val
                """);
        assertThat(steps(runs.get(1))).containsExactly(300L, 350L, 400L);
        assertThat(steps(runs.get(2))).containsExactly(300L, 350L, 400L);
    }
}
