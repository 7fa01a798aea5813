package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.data.RealData;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Logs as they were written, steps backwards and all, row by row. */
class RealStreamsTest {

    private record Row(long step, double loss) {}

    private static Map<String, List<Row>> rows(String file) {
        Map<String, List<Row>> rows = new LinkedHashMap<>();
        for (String line : RealData.lines(file)) {
            String[] cell = line.split(",", -1);
            if (!cell[8].equals("train")) {
                continue;
            }
            rows.computeIfAbsent(cell[1], run -> new ArrayList<>())
                    .add(new Row(Long.parseLong(cell[3]), Double.parseDouble(cell[7].replace("nan", "NaN"))));
        }
        return rows;
    }

    private static Fed feed(List<Row> rows) {
        Fed fed = new Fed();
        long last = rows.stream().mapToLong(Row::step).max().orElseThrow();
        fed.event(RunManifest.of(
                Fed.STUDY, Fed.RUN, 1e8, last + last / 10, 1e5, Schedule.of(ScheduleKind.CONSTANT, 1L, 1e-3)));
        rows.forEach(row -> fed.loss(row.step(), row.loss()));
        return fed;
    }

    /** Where the rows step back; a repeated row is none. */
    private static List<Integer> turns(List<Row> rows) {
        List<Integer> turns = new ArrayList<>();
        for (int i = 1; i < rows.size(); i++) {
            if (rows.get(i).step() < rows.get(i - 1).step()) {
                turns.add(i);
            }
        }
        return turns;
    }

    @Test
    void schaipp_histories_attemptsAreCountedAndBinsAreTheLastOnes() {
        int back = 0;
        int runs = 0;
        int compared = 0;
        for (Map.Entry<String, List<Row>> run :
                rows("lr_scheduling_schaipp/curves_train.csv.gz").entrySet()) {
            List<Row> rows = run.getValue();
            List<Integer> turns = turns(rows);
            if (runs++ % 5 != 0 && turns.isEmpty()) {
                continue;
            }
            Fed fed = feed(rows);
            String name = run.getKey() + ", steps back at rows " + turns;
            assertThat(fed.became.values().stream().mapToInt(x -> x).sum()).isEqualTo(rows.size() + 1);
            assertThat(fed.run().status).as(name).isEqualTo(RunStatus.RUNNING);
            if (turns.isEmpty()) {
                assertThat(fed.run().attempt).as(name).isZero();
                long steps = rows.stream().mapToLong(Row::step).distinct().count();
                assertThat(fed.count(Applied.APPLIED)).as(name).isEqualTo((int) steps + 1);
                continue;
            }
            back++;
            System.out.printf("%s: %d rows, %d attempts, %s%n", name, rows.size(), fed.run().attempt + 1, fed.became);
            assertThat(fed.run().attempt).as(name).isBetween(1, turns.size());
            assertThat(fed.split().lastStep)
                    .as(name)
                    .isEqualTo(rows.get(rows.size() - 1).step());
            long start = fed.run().attemptStart;
            int begins = rows.size() - 1;
            while (begins > 0 && rows.get(begins - 1).step() < rows.get(begins).step()) {
                begins--;
            }
            LogBins only = feed(rows.subList(begins, rows.size())).split().bins;
            LogBins all = fed.split().bins;
            for (int i = 1; i <= Math.min(only.size(), all.size()); i++) {
                int a = all.size() - i;
                int o = only.size() - i;
                if (LogBins.firstStep(only.index(o))
                        >= Math.max(start, rows.get(begins + 2).step())) {
                    assertThat(all.index(a)).as(name).isEqualTo(only.index(o));
                    assertThat(all.count(a)).as(name).isEqualTo(only.count(o));
                    assertThat(all.mean(a)).as(name).isCloseTo(only.mean(o), within(1e-6));
                    compared++;
                }
            }
        }
        assertThat(runs).isGreaterThan(100);
        assertThat(back).isPositive();
        assertThat(compared).as("bins of last attempts").isGreaterThan(5 * back);
    }

    @Test
    void k2_sequencesInPlaceOfSteps_twoRunsAndTheirForecasts() {
        Map<String, List<Row>> runs = rows("k2_65b/curves.csv.gz");
        for (Map.Entry<String, List<Row>> run : runs.entrySet()) {
            List<Row> rows = run.getValue();
            List<Row> iterations = rows.stream()
                    .map(row -> new Row(row.step() / 2040, row.loss()))
                    .toList();
            Fed sequences = feed(rows);
            Fed steps = feed(iterations);
            System.out.printf(
                    "%s: %d rows, %d steps back, %d attempts, %s%n",
                    run.getKey(), rows.size(), turns(rows).size(), sequences.run().attempt + 1, sequences.became);
            assertThat(sequences.became).isEqualTo(steps.became);
            assertThat(sequences.run().attempt).isEqualTo(steps.run().attempt);
            assertThat(sequences.split().lastStep)
                    .isEqualTo(rows.get(rows.size() - 1).step());
            double loss =
                    Objects.requireNonNull(sequences.estimate().finalLoss()).mean();
            assertThat(loss)
                    .isCloseTo(
                            Objects.requireNonNull(steps.estimate().finalLoss()).mean(), within(.01));
            sequences.event(new RunEnd(Fed.STUDY, Fed.RUN, Outcome.FINISHED, null, null));
            CurveEstimate end = sequences.estimate();
            double tail = rows.stream()
                    .filter(row -> row.step() > .975 * rows.get(rows.size() - 1).step())
                    .mapToDouble(Row::loss)
                    .average()
                    .orElseThrow();
            assertThat(end.observedFinal()).isCloseTo(tail, within(.02));
            assertThat(end.notes()).anyMatch(note -> note.startsWith("ended at step"));
        }
    }

    @Test
    void nanogpt_everyStepLogs_areOneAttemptAndAppendedOnesTwo() {
        int runs = 0;
        for (Map.Entry<String, List<Row>> run :
                rows("nanogpt_speedrun/train_curves.csv.gz").entrySet()) {
            List<Row> rows = run.getValue();
            List<Integer> turns = turns(rows);
            Fed once = feed(rows);
            System.out.printf(
                    "%s: %d rows, steps back at rows %s, %d attempts, %s%n",
                    run.getKey(), rows.size(), turns, once.run().attempt + 1, once.became);
            assertThat(once.run().attempt).as(run.getKey()).isBetween(Math.min(1, turns.size()), turns.size());
            int steps = (int) rows.stream().mapToLong(Row::step).distinct().count();
            if (turns.isEmpty()) {
                assertThat(once.count(Applied.APPLIED)).as(run.getKey()).isEqualTo(steps + 1);
            }
            if (!turns.isEmpty() || steps < rows.size()) {
                // One log holds two values of each step: the second is late.
                continue;
            }
            List<Row> twice = new ArrayList<>(rows);
            rows.forEach(row -> twice.add(new Row(row.step(), row.loss() + .001)));
            Fed appended = feed(twice);
            assertThat(appended.run().attempt).as(run.getKey()).isEqualTo(1);
            assertThat(appended.deviations(Detector.RESTART)).hasSize(1);
            LogBins one = once.split().bins;
            LogBins two = appended.split().bins;
            assertThat(two.size()).isEqualTo(one.size());
            for (int i = 0; i < one.size(); i++) {
                if (LogBins.firstStep(one.index(i)) < 1024) {
                    // Whether an early loss is a rise depends on the noise known by then.
                    continue;
                }
                // What is off its forecast stays out, and the two forecasts differ.
                assertThat(two.count(i)).isCloseTo(one.count(i), within(Math.max(3, one.count(i) / 4)));
                assertThat(two.mean(i))
                        .isCloseTo(one.mean(i) + .001, within(two.count(i) == one.count(i) ? .005 : .03));
            }
            runs++;
        }
        assertThat(runs).isGreaterThan(3);
    }
}
