package io.straightedge.fitter.interval;

import io.straightedge.protocol.codec.Varint;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.ForecastScore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A forecast of a final loss as it is kept: in single precision, so that what was saved is what is remembered.
 *
 * @param step at which it was made, &gt; 0
 * @param plannedSteps the end that it was made for, &gt; 0
 * @param mean nats per token
 * @param scale nats per token
 * @param half50 half-width of the 50 % interval, nats per token; the others alike
 * @param inForce the method that it comes from
 * @param parts what each method said by itself, in the methods' order
 */
public record KeptForecast(
        long step,
        long plannedSteps,
        float mean,
        float scale,
        float half50,
        float half80,
        float half95,
        ForecastMethod inForce,
        List<Part> parts) {

    /** Bytes that {@link #save} writes without parts and steps. */
    private static final int BYTES = 5 * 4 + 2;

    /** What one method said; nats per token. */
    public record Part(ForecastMethod method, float mean, float scale) {

        static final int BYTES = 1 + 2 * 4;

        /** Rounded to single precision. */
        public static Part of(ForecastMethod method, double mean, double scale) {
            return new Part(method, (float) mean, (float) scale);
        }
    }

    public KeptForecast {
        if (step < 1 || plannedSteps < 1) {
            throw new IllegalArgumentException("a forecast is kept of a step above 0 and for an end above 0");
        }
        parts = List.copyOf(parts);
    }

    /** What is kept of {@code forecast}, made at {@code step}. */
    public static KeptForecast of(
            long step, long plannedSteps, Forecast forecast, ForecastMethod inForce, List<Part> parts) {
        return new KeptForecast(
                step,
                plannedSteps,
                (float) forecast.mean(),
                (float) forecast.scale(),
                (float) (forecast.upper50() - forecast.mean()),
                (float) (forecast.upper80() - forecast.mean()),
                (float) (forecast.upper95() - forecast.mean()),
                inForce,
                parts);
    }

    /** The forecast again. */
    public Forecast forecast() {
        return Forecast.symmetric(mean, scale, half50, half80, half95);
    }

    /** (observed - mean)/scale; NaN where the scale says nothing. */
    public double z(double observed) {
        return scale > 0 ? (observed - mean) / scale : Double.NaN;
    }

    /** What each method said, by its name in messages. */
    Map<String, ForecastScore.Part> partsByName() {
        Map<String, ForecastScore.Part> byName = new TreeMap<>();
        parts.forEach(part -> byName.put(part.method().text(), new ForecastScore.Part(part.mean(), part.scale())));
        return byName;
    }

    /** Whether it is one method's own: then that is not saved again. */
    private boolean itself() {
        return parts.size() == 1 && parts.get(0).equals(new Part(inForce, mean, scale));
    }

    int bytes() {
        return BYTES + Varint.bytes(step) + Varint.bytes(plannedSteps) + parts.size() * Part.BYTES;
    }

    void save(ByteBuffer out) {
        Varint.put(out, step);
        Varint.put(out, plannedSteps);
        out.putFloat(mean).putFloat(scale);
        out.putFloat(half50).putFloat(half80).putFloat(half95);
        out.put(inForce.code()).put((byte) (itself() ? 0 : parts.size()));
        for (Part part : itself() ? List.<Part>of() : parts) {
            out.put(part.method().code()).putFloat(part.mean()).putFloat(part.scale());
        }
    }

    static KeptForecast load(ByteBuffer in) {
        long step = Varint.take(in);
        long planned = Varint.take(in);
        float mean = in.getFloat();
        float scale = in.getFloat();
        float half50 = in.getFloat();
        float half80 = in.getFloat();
        float half95 = in.getFloat();
        ForecastMethod inForce = ForecastMethod.of(in.get());
        int size = in.get();
        List<Part> parts = new ArrayList<>(Math.max(1, size));
        if (size == 0) {
            parts.add(new Part(inForce, mean, scale));
        }
        for (int i = 0; i < size; i++) {
            parts.add(new Part(ForecastMethod.of(in.get()), in.getFloat(), in.getFloat()));
        }
        return new KeptForecast(step, planned, mean, scale, half50, half80, half95, inForce, parts);
    }
}
