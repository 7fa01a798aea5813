package io.straightedge.deploy.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An axis: a label, a range, linear or logarithmic, and where its ticks are.
 *
 * <p>A logarithmic axis of more than a decade has ticks at powers of ten; any other axis has them at multiples of 1, 2 or
 * 5 times a power of ten, three to nine of them.
 */
public record Axis(String label, double least, double most, boolean logarithmic) {

    private static final int MOST_DECADES = 7;
    private static final int TICKS = 5;

    /** A labelled place; a label that is empty marks a minor tick. */
    record Tick(double value, String label) {}

    public Axis {
        if (!(least < most) || Double.isInfinite(most - least) || (logarithmic && !(least > 0))) {
            throw new IllegalArgumentException("no axis from " + least + " to " + most);
        }
    }

    /** An axis with room for all values, those that are not finite (or not above zero on a logarithmic one) aside. */
    public static Axis around(String label, List<Double> values, boolean logarithmic) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            if (Double.isFinite(value) && (value > 0 || !logarithmic)) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }
        if (!(least <= most)) {
            return new Axis(label, 1, 10, logarithmic);
        }
        if (logarithmic) {
            double room = Math.max(1.03, Math.pow(most / least, 0.04));
            return new Axis(label, least / room, most * room, true);
        }
        double room = most > least ? 0.06 * (most - least) : Math.max(1e-6, 0.1 * Math.abs(most));
        return new Axis(label, least - room, most + room, false);
    }

    /** Where a value lies, 0 at the least and 1 at the most; beyond these outside. */
    double fraction(double value) {
        return logarithmic ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
    }

    boolean holds(double value) {
        return value >= least && value <= most;
    }

    List<Tick> ticks() {
        return logarithmic && most / least > 10 ? decades() : steps();
    }

    private List<Tick> decades() {
        int first = (int) Math.ceil(Math.log10(least) - 1e-9);
        int last = (int) Math.floor(Math.log10(most) + 1e-9);
        int every = Math.max(1, (last - first + MOST_DECADES) / MOST_DECADES);
        List<Tick> ticks = new ArrayList<>();
        for (int power = first - 1; power <= last; power++) {
            double decade = Math.pow(10, power);
            if (power >= first) {
                ticks.add(new Tick(decade, Math.floorMod(power, every) == 0 ? "1e" + power : ""));
            }
            for (int digit = 2; digit <= 9 && last - first < MOST_DECADES; digit++) {
                if (holds(digit * decade)) {
                    boolean labelled = last - first < 2 && (digit == 2 || digit == 5);
                    ticks.add(new Tick(digit * decade, labelled ? digit + "e" + power : ""));
                }
            }
        }
        return ticks;
    }

    private List<Tick> steps() {
        double rough = (most - least) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power;
        for (double multiple : new double[] {2, 5, 10}) {
            if (step < 0.6 * rough) {
                step = multiple * power;
            }
        }
        List<Tick> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(least / step - 1e-9); i * step <= most + 1e-9 * step; i++) {
            ticks.add(new Tick(i * step, label(i * step, step)));
        }
        return ticks;
    }

    private static String label(double value, double step) {
        double size = Math.max(Math.abs(value), step);
        if (size >= 1e5) {
            return String.format(Locale.ROOT, "%.2g", value).replace("e+", "e");
        }
        int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
        return String.format(Locale.ROOT, "%." + decimals + "f", value == 0 ? 0.0 : value);
    }
}
