package io.straightedge.fitter.state;

import io.straightedge.fitter.law.Certificate;
import io.straightedge.fitter.law.LawEstimators;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A study's last fit, its points and its back-tests as changelog bytes: the optimum at full precision, so that a
 * restored study starts its next fit from the very same numbers and needs no fit to come back.
 */
final class SavedLaw {

    /** Log coefficients of the law. */
    private static final int SIZE = 5;

    private static final int NUMBERS = 5 + SIZE + SIZE * SIZE;

    private SavedLaw() {}

    static byte[] save(StudyState study) {
        int size = 12;
        for (String run : study.lawUsed.keySet()) {
            size += 4 + run.getBytes(StandardCharsets.UTF_8).length + 5 * 8 + 1;
        }
        for (String law : study.holdOutPercent.keySet()) {
            size += 4 + law.length() + 8;
        }
        List<Certificate.Basin> basins =
                study.lawFit == null ? List.of() : study.lawFit.certificate().basins();
        size += 4 + basins.size() * 8 * (1 + SIZE);
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
        out.putInt(study.holdOutPercent.size());
        study.holdOutPercent.forEach((law, percent) -> {
            byte[] name = law.getBytes(StandardCharsets.US_ASCII);
            out.putInt(name.length).put(name).putDouble(percent);
        });
        out.putInt(basins.size());
        for (Certificate.Basin basin : basins) {
            out.putDouble(basin.objective());
            basin.theta().forEach(out::putDouble);
        }
        return out.array();
    }

    static void restore(StudyState study, ByteBuffer in) {
        TreeMap<String, StudyPoints.Used> used = new TreeMap<>();
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
                    new StudyPoints.Used(new LawPoint(run, params, tokens, loss, weight, finished), in.getDouble()));
        }
        double[] fit = new double[in.getInt()];
        for (int i = 0; i < fit.length; i++) {
            fit[i] = in.getDouble();
        }
        study.lawUsed = used;
        study.holdOutPercent.clear();
        // Records of the first builds end here.
        for (int left = in.hasRemaining() ? in.getInt() : 0; left > 0; left--) {
            byte[] name = new byte[in.getInt()];
            in.get(name);
            study.holdOutPercent.put(new String(name, StandardCharsets.US_ASCII), in.getDouble());
        }
        List<Certificate.Basin> basins = new ArrayList<>();
        for (int left = in.hasRemaining() ? in.getInt() : 0; left > 0; left--) {
            double objective = in.getDouble();
            List<Double> theta = new ArrayList<>(SIZE);
            for (int i = 0; i < SIZE; i++) {
                theta.add(in.getDouble());
            }
            basins.add(new Certificate.Basin(objective, theta));
        }
        study.lawFit = fit.length == 0 ? null : fit(fit, basins);
    }

    private static double[] numbers(LawFit fit) {
        double[] numbers = new double[NUMBERS];
        numbers[0] = fit.sigma();
        numbers[1] = fit.objective();
        numbers[2] = fit.certificate().gradientNorm();
        numbers[3] = fit.certificate().condition();
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
    private static LawFit fit(double[] numbers, List<Certificate.Basin> saved) {
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
        List<Certificate.Basin> basins = saved.isEmpty() ? List.of(new Certificate.Basin(numbers[1], theta)) : saved;
        Certificate certificate = new Certificate(numbers[2], numbers[3], 1, basins, List.of());
        return new LawFit(
                LawEstimators.chinchilla().name(),
                law,
                theta,
                covariance,
                numbers[0],
                numbers[1],
                certificate,
                (int) numbers[4],
                List.of());
    }
}
