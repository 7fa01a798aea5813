package io.straightedge.fitter.detect;

import io.straightedge.fitter.interval.StudentT;
import io.straightedge.protocol.codec.Varint;
import java.nio.ByteBuffer;

/**
 * Finds that a run departs from what others of its study foretell of it.
 *
 * <p>t = size / scale, Student's with v degrees of freedom. A healthy run of n observations that is tested k times over shows
 * as much with a probability of at most p = k P(|t| &gt; t), and so once in n / p observations. A departure begins when p &lt;
 * {@value #RARE} and the size is {@value #LEAST_NATS} nats or more, and is over when p k^-1 &gt; {@value #USUAL}, the size is
 * less than half of that, or its sign has changed. O(1). Not thread-safe.
 */
public final class DepartureRule {

    /** In nats per token; less is told to nobody. */
    public static final double LEAST_NATS = .01;

    static final double RARE = 1e-3;
    static final double USUAL = .05;

    /** What a test meant. */
    public enum Verdict {
        CALM,
        BEGAN,
        /** It goes on, and has become rarer by a decade or more since it was last told. */
        GREW,
        ON,
        ENDED
    }

    /**
     * What is held against the run.
     *
     * @param sizeNats seen minus foretold
     * @param scale standard deviation of that in a healthy run, nats, &gt; 0
     * @param freedom of the scale
     */
    public record Departure(double sizeNats, double scale, double freedom) {

        /** Probability of as much in a healthy run, in one test. */
        public double probability() {
            return StudentT.beyond(sizeNats / scale, freedom);
        }

        /**
         * What is left of it where another prediction explains a part: the lesser size, none where the run lies between the two;
         * the scale stays.
         */
        public Departure explainedBy(Departure other) {
            double left = Math.min(Math.abs(sizeNats), Math.abs(other.sizeNats));
            return new Departure(sizeNats * other.sizeNats <= 0 ? 0 : Math.copySign(left, sizeNats), scale, freedom);
        }
    }

    /** Sign of the departure that goes on; 0 where none does. */
    private byte side;

    private long onsetStep = -1;
    private float size = Float.NaN;
    private float sigmas = Float.NaN;
    private float rarity = Float.NaN;
    private float toldRarity = Float.NaN;
    /** Whether a person has said that it may be so. */
    private boolean accepted;

    /** Whether a test could begin one. */
    public static boolean begins(Departure seen, double tests) {
        return Math.abs(seen.sizeNats()) >= LEAST_NATS && tests * seen.probability() < RARE;
    }

    /**
     * Tests the run.
     *
     * @param tests how many tests it will have had by now that do not follow from one another
     * @param observations that it has logged
     */
    public Verdict judge(long step, Departure seen, double tests, long observations) {
        double p = seen.probability();
        size = (float) seen.sizeNats();
        sigmas = (float) (seen.sizeNats() / seen.scale());
        double shown = Math.min(1, tests * p);
        rarity = (float) Math.min(ShiftLimits.NEVER, Math.log10(Math.max(1, observations) / shown));
        if (side != 0) {
            boolean over = p > USUAL || side * size < LEAST_NATS / 2;
            if (over) {
                side = 0;
                return Verdict.ENDED;
            }
            boolean grew = rarity >= toldRarity + 1;
            toldRarity = grew ? rarity : toldRarity;
            return grew ? Verdict.GREW : Verdict.ON;
        }
        if (accepted || !begins(seen, tests)) {
            return Verdict.CALM;
        }
        side = (byte) Math.signum(size);
        onsetStep = step;
        toldRarity = rarity;
        return Verdict.BEGAN;
    }

    public boolean departs() {
        return side != 0;
    }

    /** It is over; {@code forGood} where no other may begin. */
    public void end(boolean forGood) {
        side = 0;
        accepted |= forGood;
    }

    /** Where the present or last departure was first seen. */
    public long onsetStep() {
        return onsetStep;
    }

    /** Seen minus foretold at the last test, nats per token. */
    public double sizeNats() {
        return size;
    }

    /** The same in standard deviations of a healthy run. */
    public double sigmas() {
        return sigmas;
    }

    /** Log10 of the observations in which healthy runs show as much once. */
    public double rarity() {
        return rarity;
    }

    public void save(ByteBuffer out) {
        out.put((byte) (side + (accepted ? 4 : 0)));
        Varint.put(out, onsetStep + 1);
        out.putFloat(size).putFloat(sigmas).putFloat(rarity).putFloat(toldRarity);
    }

    public void load(ByteBuffer in) {
        int saved = in.get();
        accepted = saved >= 3;
        side = (byte) (accepted ? saved - 4 : saved);
        onsetStep = Varint.take(in) - 1;
        size = in.getFloat();
        sigmas = in.getFloat();
        rarity = in.getFloat();
        toldRarity = in.getFloat();
    }
}
