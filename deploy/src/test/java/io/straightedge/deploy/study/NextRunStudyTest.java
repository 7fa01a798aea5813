package io.straightedge.deploy.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class NextRunStudyTest {

    private static final List<Function<Replayed.Both, Replayed>> KINDS =
            List.of(Replayed.Both::law, Replayed.Both::forecast);

    @Test
    void advised_publishedRuns_isBetterThanOtherOrdersOnTheWhole() throws IOException {
        List<PilotSet> sets = new ArrayList<>();
        for (String folder : PublishedRuns.FOLDERS) {
            sets.addAll(PublishedRuns.read(data(folder), folder));
        }
        List<List<NextRunStudy.Comparison>> compared = sets.parallelStream()
                .map(set -> List.of(NextRunStudy.compared(set, 1)))
                .toList();

        assertThat(compared).hasSize(7);
        for (Function<Replayed.Both, Replayed> kind : KINDS) {
            double advised = mean(compared, each -> kind.apply(each.advised()).meanError());
            assertThat(advised)
                    .isLessThan(mean(
                            compared, each -> kind.apply(each.smallestFirst()).meanError()))
                    .isLessThan(0.9 * mean(compared, each -> each.ofRandom(kind, Replayed::meanError)));
        }
    }

    @Test
    void advised_set_namesEachPilotOnceAndNeverTheTarget() {
        PilotSet set = DrawnRuns.draw(DrawnRuns.HOFFMANN, DrawnRuns.Layout.LADDER, 0);

        assertThat(RunOrder.advised(set))
                .containsExactlyInAnyOrderElementsOf(set.pilots())
                .doesNotContain(set.target());
    }

    @Test
    void advised_suiteOfLikeModels_needsFewerFlopsThanSmallestFirst() {
        List<NextRunStudy.Comparison> compared = LongStream.range(0, 2)
                .mapToObj(seed -> DrawnRuns.draw(DrawnRuns.HOFFMANN, DrawnRuns.Layout.SUITE, seed))
                .map(set -> NextRunStudy.compared(set, 1))
                .toList();
        for (Function<Replayed.Both, Replayed> kind : KINDS) {
            assertThat(mean(
                            List.of(compared),
                            each -> kind.apply(each.advised()).meanError()))
                    .as("seeds 0 and 1")
                    .isLessThan(mean(
                            List.of(compared),
                            each -> kind.apply(each.smallestFirst()).meanError()));
        }
    }

    private static double mean(
            List<List<NextRunStudy.Comparison>> compared, ToDoubleFunction<NextRunStudy.Comparison> figure) {
        return NextRunStudy.geometricMean(compared, figure);
    }

    private static Path data(String folder) {
        Path data = Path.of(System.getProperty("straightedge.data", "../../shared/data"));
        Assumptions.assumeTrue(
                Files.isDirectory(data.resolve(folder)), () -> "skipped: no published runs at " + data.resolve(folder));
        return data;
    }
}
