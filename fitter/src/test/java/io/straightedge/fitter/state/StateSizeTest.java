package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.fitter.curve.CurvePrior;
import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.history.Informed;
import io.straightedge.fitter.interval.ConformalFactors;
import io.straightedge.fitter.interval.ForecastMethod;
import io.straightedge.fitter.interval.KeptForecast;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run takes in the changelog. */
class StateSizeTest {

    private static final int MOST_BYTES = 6 * 1024;

    @ParameterizedTest(name = "{0} steps, each logged")
    @ValueSource(longs = {1_000, 1_000_000, 10_000_000})
    void save_aRunOfOneSplit_isSmallAndRestoresEveryBit(long steps) throws Exception {
        StudyState study = new StudyState(Fed.STUDY);
        RunState run = study.run(Fed.RUN);
        run.manifest(RunManifest.of(
                Fed.STUDY, Fed.RUN, 1e8, 2 * steps, 524288.0, Schedule.of(ScheduleKind.COSINE, 200L, 3e-4)));
        SplitState split = run.split("train");
        Random random = new Random(1);
        double noise = 0;
        for (long step = 0; step < steps; step++) {
            noise = .5 * noise + .02 * random.nextDouble();
            double loss = 2.5 + 8 / (1 + Math.sqrt((double) step)) + noise;
            split.seen.advance(split.lastStep, step, loss);
            split.lastStep = step;
            split.observe(step, loss, 2 * steps);
        }
        fill(run, split, steps);
        study.dirty = run.dirty = run.manifestDirty = split.dirty = true;
        List<Emission> out = new ArrayList<>();
        Changelog.save(study, out);
        Map<String, byte[]> records = new TreeMap<>();
        Map<String, Integer> bytes = new TreeMap<>();
        for (Emission emission : out) {
            String[] key = Changelog.parts(emission.key());
            if (key.length > 2) {
                byte[] value = Objects.requireNonNull(emission.value());
                records.put(emission.key(), value);
                bytes.merge(key[1], value.length, Integer::sum);
            }
        }
        int all = bytes.values().stream().mapToInt(x -> x).sum();
        System.out.printf("%,d steps: %,d bytes, by kind of record %s%n", steps, all, bytes);
        assertThat(all).isLessThanOrEqualTo(MOST_BYTES);

        StudyState restored = new StudyState(Fed.STUDY);
        for (Map.Entry<String, byte[]> record : records.entrySet()) {
            Changelog.restore(restored, Changelog.parts(record.getKey()), record.getValue());
        }
        LogBins bins = restored.run(Fed.RUN).split("train").bins;
        assertThat(bins.size()).isEqualTo(split.bins.size());
        for (int i = 0; i < bins.size(); i++) {
            assertThat(bins.index(i)).isEqualTo(split.bins.index(i));
            assertThat(bins.count(i)).isEqualTo(split.bins.count(i));
            assertThat(bins.meanStep(i)).isEqualTo(split.bins.meanStep(i));
            assertThat(bins.mean(i)).isEqualTo(split.bins.mean(i));
            assertThat(bins.m2(i)).isEqualTo(split.bins.m2(i));
        }
        assertThat(restored.run(Fed.RUN).split("train").saveHead()).isEqualTo(split.saveHead());
        assertThat(restored.run(Fed.RUN).saveHead()).isEqualTo(run.saveHead());
    }

    /** All that a run may carry besides its curve: rates that no plan has foretold, forecasts kept, what history says. */
    private static void fill(RunState run, SplitState split, long steps) {
        for (long i = 1; i < 200; i++) {
            run.sawRate(i * steps / 200, 3e-4 * (2 + Math.sin(i / 3.0)));
        }
        run.lookAtRates();
        assertThat(run.planned.isEmpty()).isFalse();
        for (int i = 1; i < 100; i++) {
            long step = i * steps / 100;
            Forecast forecast = Forecast.symmetric(2.5 + .001 * i, .01, .005, .01, .02);
            split.trail.keep(KeptForecast.of(
                    step,
                    2 * steps,
                    forecast,
                    ForecastMethod.MIXED,
                    List.of(KeptForecast.Part.of(ForecastMethod.LAW, 2.51, .012))));
        }
        split.trailDirty = true;
        split.freeze();
        split.informed = new Informed(CurvePrior.universal(3e-4), 2.5, .01, ConformalFactors.LAW.at(.5));
        split.informedDirty = true;
    }

    /** A head follows every commit that touched the run: it must not grow with what is optional. */
    @Test
    void saveHead_everythingInIt_fits() {
        SplitState split = new SplitState();
        for (long step = 1; step < 5000; step += 7) {
            split.seen.advance(split.lastStep, step, 3);
            split.lastStep = step;
            split.observe(step, 3 + 1. / step, 5000);
        }
        split.held.add(new SplitState.Held(5, 3, 4, 5));
        split.held.add(new SplitState.Held(6, 3, 4, 5));
        byte[] head = split.saveHead();
        assertThat(head.length).isLessThan(512);
        SplitState restored = new SplitState();
        for (int i = 0; i < split.closedBins(); i++) {
            ByteBuffer one = ByteBuffer.allocate(SavedBins.MOST_BYTES);
            SavedBins.put(one, split.bins, i);
            assertThat(one.position()).isLessThanOrEqualTo(18);
            SavedBins.take(one.flip(), restored.bins);
        }
        restored.restoreHead(ByteBuffer.wrap(head));
        assertThat(restored.saveHead()).isEqualTo(head);
    }
}
