package io.straightedge.fitter.state;

import io.straightedge.fitter.law.LawFit;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A study's last fit and its points as changelog bytes: the optimum at full precision, so that a restored study starts
 * its next fit from the very same numbers and needs no fit to come back.
 */
final class SavedLaw {

    /** Log coefficients of the law. */
    private static final int SIZE = 5;

    private static final int NUMBERS = 5 + SIZE + SIZE * SIZE;

    private SavedLaw() {}

    static byte[] save(StudyState study) {
        int size = 8;
        for (String run : study.lawUsed.keySet()) {
            size += 4 + run.getBytes(StandardCharsets.UTF_8).length + 5 * 8 + 1;
        }
        double[] fit = study.lawFit == null ? new double[0] : numbers(study.lawFit);
        ByteBuffer out = ByteBuffer.allocate(size + 8 * fit.length);
        out.putInt(study.lawUsed.size());
        study.lawUsed.forEach((run, used) -> {
            byte[] name = run.getBytes(StandardCharsets.UTF_8);
            LawPoint point = used.point();
            out.putInt(name.length).put(name);
            out.putDouble(point.params()).putDouble(point.tokens()).putDouble(point.loss());
            out.putDouble(point.weight()).put((byte) (point.finished() ? 1 : 0)).putDouble(used.scale());
        });
        out.putInt(fit.length);
        for (double value : fit) {
            out.putDouble(value);
        }
        return out.array();
    }

    static void restore(StudyState study, ByteBuffer in) {
        TreeMap<String, LawUpdates.Used> used = new TreeMap<>();
        for (int left = in.getInt(); left > 0; left--) {
            byte[] name = new byte[in.getInt()];
            in.get(name);
            String run = new String(name, StandardCharsets.UTF_8);
            double params = in.getDouble();
            double tokens = in.getDouble();
            double loss = in.getDouble();
            double weight = in.getDouble();
            boolean finished = in.get() != 0;
            used.put(
                    run,
                    new LawUpdates.Used(new LawPoint(run, params, tokens, loss, weight, finished), in.getDouble()));
        }
        double[] fit = new double[in.getInt()];
        for (int i = 0; i < fit.length; i++) {
            fit[i] = in.getDouble();
        }
        study.lawUsed = used;
        study.lawFit = fit.length == 0 ? null : fit(fit);
    }

    private static double[] numbers(LawFit fit) {
        double[] numbers = new double[NUMBERS];
        numbers[0] = fit.sigma();
        numbers[1] = fit.objective();
        numbers[2] = fit.gradientNorm();
        numbers[3] = fit.condition();
        numbers[4] = fit.points();
        for (int i = 0; i < SIZE; i++) {
            numbers[5 + i] = fit.theta().get(i);
            for (int j = 0; j < SIZE; j++) {
                numbers[5 + SIZE + i * SIZE + j] = fit.covariance().get(i).get(j);
            }
        }
        return numbers;
    }

    /** The fit as it was, but for its diagnostics, which no later fit looks at. */
    private static LawFit fit(double[] numbers) {
        List<Double> theta = new ArrayList<>(SIZE);
        List<List<Double>> covariance = new ArrayList<>(SIZE);
        for (int i = 0; i < SIZE; i++) {
            theta.add(numbers[5 + i]);
            List<Double> row = new ArrayList<>(SIZE);
            for (int j = 0; j < SIZE; j++) {
                row.add(numbers[5 + SIZE + i * SIZE + j]);
            }
            covariance.add(List.copyOf(row));
        }
        ChinchillaLaw law = ChinchillaLaw.ofLogs(theta.get(0), theta.get(1), theta.get(2), theta.get(3), theta.get(4));
        return new LawFit(
                law, theta, covariance, numbers[0], numbers[1], numbers[2], numbers[3], (int) numbers[4], List.of());
    }
}
