package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.fitter.data.RealData;
import io.straightedge.fitter.detect.GeneralisedParetoTail;
import io.straightedge.fitter.detect.ShiftChannels;
import io.straightedge.fitter.detect.ShiftRule;
import io.straightedge.protocol.run.RunManifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.junit.jupiter.api.Test;

/** Healthy logs of each step, with the fitter in the loop: how often a limit of one in 10^5 observations is crossed. */
class ShiftLimitsOnLogsTest {

    private static final int LONG = 2000;
    private static final int SPOKEN_FROM = 1000;
    private static final int BLOCK = 50;
    private static final double ONCE_PER = 1e5;

    /** Statistics; a channel is the larger of two. */
    private static final int STATISTICS = 2 * ShiftChannels.COUNT;

    private static List<double[]> losses() {
        Map<String, List<Double>> runs = new LinkedHashMap<>();
        RealData.lines("nanogpt_speedrun/train_curves.csv.gz").stream()
                .map(line -> line.split(",", -1))
                .filter(cell -> cell[8].equals("train"))
                .forEach(cell ->
                        runs.computeIfAbsent(cell[1], name -> new ArrayList<>()).add(Double.valueOf(cell[7])));
        return runs.values().stream()
                .filter(run -> run.size() > LONG)
                .map(run -> run.stream().mapToDouble(Double::doubleValue).toArray())
                .toList();
    }

    /** Channels by observation, those of shifts that go on left out. */
    private static List<double[]> channels(double[] losses) {
        Study lane = Study.curvesOnly();
        StudyState study = new StudyState(Fed.STUDY);
        List<Emission> out = new ArrayList<>();
        lane.apply(study, RunManifest.of(Fed.STUDY, Fed.RUN, 1e8, (long) losses.length, null, null), -1, out);
        ShiftRule rule = study.run(Fed.RUN).split("train").shift;
        List<double[]> channels = new ArrayList<>();
        for (int i = 0; i < losses.length; i++) {
            boolean on = rule.shifted();
            lane.apply(study, Fed.observation("train", i + 1L, null, losses[i], null), -1, out);
            out.clear();
            if (i >= SPOKEN_FROM && !on) {
                channels.add(ShiftChannels.of(rule));
            }
        }
        return channels;
    }

    private static double limit(List<List<double[]>> logs, int channel) {
        List<Double> maxima = new ArrayList<>();
        for (List<double[]> log : logs) {
            for (int from = 0; from + BLOCK <= log.size(); from += BLOCK) {
                maxima.add(log.subList(from, from + BLOCK).stream()
                        .mapToDouble(channels -> channels[channel])
                        .max()
                        .orElseThrow());
            }
        }
        return new GeneralisedParetoTail(
                        maxima.stream().mapToDouble(Double::doubleValue).toArray(), BLOCK)
                .level(ONCE_PER);
    }

    /** How often a channel goes over a limit, having been two decades below it in between: a sum at 0 is no lower. */
    private static int crossings(List<double[]> log, int channel, double limit) {
        int crossings = 0;
        boolean above = false;
        for (double[] channels : log) {
            if (!above && channels[channel] > limit) {
                crossings++;
                above = true;
            } else if (channels[channel] < limit - 2) {
                above = false;
            }
        }
        return crossings;
    }

    @Test
    void limits_crossedNoMoreOftenThanTheySay() {
        List<List<double[]>> logs =
                losses().stream().map(ShiftLimitsOnLogsTest::channels).toList();
        int observations = logs.stream().mapToInt(List::size).sum();
        int shipped = 0;
        int own = 0;
        for (int held = 0; held < logs.size(); held++) {
            int out = held;
            List<List<double[]>> others = IntStream.range(0, logs.size())
                    .filter(log -> log != out)
                    .mapToObj(logs::get)
                    .toList();
            for (int channel = 0; channel < ShiftChannels.COUNT; channel++) {
                shipped += crossings(logs.get(held), channel, Math.log10(ONCE_PER));
                own += crossings(logs.get(held), channel, limit(others, channel));
            }
        }
        double expected = STATISTICS * observations / ONCE_PER;
        int most = new PoissonDistribution(expected).inverseCumulativeProbability(.99);
        System.out.printf(
                "%,d observations of %d logs: %.1f crossings of one in 10^5 expected; limits as shipped %d, as the other logs"
                        + " have them %d%n",
                observations, logs.size(), expected, shipped, own);
        assertThat(logs).hasSizeGreaterThanOrEqualTo(5);
        assertThat(shipped).as("of the limits as shipped").isLessThanOrEqualTo(most);
        assertThat(own).as("of limits learnt from the other logs").isLessThanOrEqualTo(most);
    }
}
