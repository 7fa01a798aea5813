package io.straightedge.fitter.detect;

import io.straightedge.protocol.codec.Varint;
import java.nio.ByteBuffer;

/**
 * Finds a run that leaves another one which sees the same data at the same steps: they share nearly all of their noise.
 *
 * <p>d = y - r - (beta - 1)(r - m), e = d - level; y the run's loss, r its reference's at the same step, beta from {@link
 * PairedNoise}, m an EWMA of r over {@value #MEAN_MEMORY} observations, level the {@link PairedLevel}; nats per token. e is
 * whitened on its own scale, of {@value #FLOOR_NATS} nats at least, and given to a {@link ShiftBank}, whose statistics are
 * held against the downward limits times {@value ShiftBank#PAIRED_MARGIN} in both directions: e has no heavy tail on either
 * side. Losses are compared and not residuals, since forecasts err by more than such pairs differ.
 *
 * <p>Speaks while the noise is shared and after {@value #LEAST} observations of that. While a finding goes on, everything
 * learnt stands still. It is over when the average of the last observations has been within a quarter of the finding's size
 * for {@value #BACK_FOR} observations; when it has lasted for {@value #LASTING}, since by then the difference of healthy
 * twins may have drifted as far; or when the run's own forecast shows something too. The level is learnt anew then.
 *
 * <p>On three logs of one data order (sigma of e .005 to .006, of a loss .10), 56 steps of .02 nats were all found, in 3 to 4
 * observations in the median and in at most 5 in nine of ten; 8,000 healthy observations, the decays of single runs among them,
 * showed one finding, which was a rise of the reference. Before the noise is shared to .99 and while one of the runs begins to
 * decay such small steps are missed. O(1) an observation; about 170 bytes. Not thread-safe.
 */
public final class PairedRule {

    static final double FLOOR_NATS = .002;
    static final int LEAST = 100;
    static final int BACK_FOR = 20;
    static final int LASTING = 500;
    static final int MEAN_MEMORY = 100;

    private static final int DECADES = ShiftRule.DECADES;
    private static final double BACK = .25;
    private static final double BACK_SIGMAS = .5;

    /** What an observation meant. */
    public enum Verdict {
        CALM,
        /** The run leaves its reference with this observation. */
        BEGAN,
        /** Still off. */
        ON,
        /** Still off, and the finding has become surer by a factor of ten, or has lasted. */
        GREW,
        /** Back at the usual difference with this observation. */
        ENDED,
        /** It has lasted so long that the difference is taken for normal from now on. */
        ACCEPTED,
        /** Another rule has found something: it speaks for both. */
        YIELDED
    }

    private final PairedNoise noise = new PairedNoise();
    private final PairedLevel level = new PairedLevel();
    private final ResidualScale scale = new ResidualScale();
    private final ShiftBank bank = new ShiftBank();

    private double mean = Double.NaN;
    private int armed;
    private boolean wasMuted;
    private byte side;
    private long onsetStep = -1;
    private int observations;
    private float size;
    private float recent;
    private float rarity;
    private byte calmFor;

    /**
     * The verdict on a finite loss.
     *
     * @param reference the other run's loss at the same step, nats per token
     * @param muted whether another rule has found something: then nothing begins, and nothing is learnt
     * @param sameRate whether the learning rates of both are known to be at the same part of their peaks; a slow change of the
     *     difference is else taken for the decay of one of them
     */
    public Verdict add(long step, double loss, double reference, boolean muted, boolean sameRate) {
        mean = Double.isNaN(mean) ? reference : mean + (reference - mean) / MEAN_MEMORY;
        if (muted || deviates()) {
            noise.pass(loss, reference);
        } else {
            noise.add(loss, reference);
        }
        if (muted) {
            return mute(step);
        }
        if (wasMuted) {
            wasMuted = false;
            relearn(step);
        }
        if (!noise.likely()) {
            relearn(step);
            return Verdict.CALM;
        }
        double difference = loss - reference - (noise.beta() - 1) * (reference - mean);
        if (!level.known()) {
            level.begin(difference);
        }
        return judge(step, scale.residual(difference, level.value()), sameRate);
    }

    private Verdict mute(long step) {
        wasMuted = true;
        boolean yields = deviates();
        if (yields) {
            relearn(step);
        }
        return yields ? Verdict.YIELDED : Verdict.CALM;
    }

    private Verdict judge(long step, double e, boolean sameRate) {
        if (!scale.settled()) {
            learn(e);
            return Verdict.CALM;
        }
        bank.add(step, scale.whiten(e) * scale.sigma() / sigma());
        if (deviates()) {
            scale.pass(e);
            return follow(step, e, sameRate);
        }
        boolean speaks = armed >= LEAST && noise.shared();
        if (speaks && begins(step, e, sameRate)) {
            scale.pass(e);
            return Verdict.BEGAN;
        }
        if (!speaks) {
            bank.settle();
        }
        learn(e);
        return Verdict.CALM;
    }

    private void learn(double e) {
        armed = Math.min(armed + 1, LEAST);
        double most = scale.sigma() > 0 ? ResidualScale.BIAS_CLIP * scale.sigma() : Double.POSITIVE_INFINITY;
        level.learn(armed < BACK_FOR ? e : Math.max(-most, Math.min(most, e)));
        scale.learn(e, 1);
    }

    private boolean begins(long step, double e, boolean sameRate) {
        double up = bank.rarityOfPair(true, sameRate);
        double down = bank.rarityOfPair(false, sameRate);
        if (Math.max(up, down) < DECADES) {
            return false;
        }
        side = (byte) (up >= down ? 1 : -1);
        onsetStep = Math.min(step, bank.calm(side > 0) + 1);
        observations = 1;
        size = (float) e;
        recent = (float) e;
        rarity = (float) Math.max(up, down);
        calmFor = 0;
        return true;
    }

    private Verdict follow(long step, double e, boolean sameRate) {
        observations++;
        size += (float) (scale.clipped(e - size) / observations);
        recent += (float) (ShiftBank.SLOW_WEIGHT * (e - recent));
        double now = bank.rarityOfPair(side > 0, sameRate);
        boolean surer = Math.floor(now) > Math.floor(rarity);
        rarity = (float) Math.max(rarity, now);
        double back = Math.max(BACK * Math.abs(size), BACK_SIGMAS * sigma());
        calmFor = (byte) (side * recent < back ? calmFor + 1 : 0);
        if (calmFor >= BACK_FOR) {
            relearn(step);
            return Verdict.ENDED;
        }
        if (observations >= LASTING) {
            accept(step);
            return Verdict.ACCEPTED;
        }
        return calmFor == 0 && (surer || ShiftRule.roundCount(observations)) ? Verdict.GREW : Verdict.ON;
    }

    /** Takes the present difference for normal. */
    public void accept(long step) {
        relearn(step);
        level.clear();
        scale.accept();
    }

    /** What follows may be different: the usual difference is learnt anew, and nothing is found meanwhile. */
    public void relearn(long step) {
        side = 0;
        armed = 0;
        bank.clear(step);
        level.forget();
        scale.forget();
    }

    /** The data need not be the same any more. */
    public void reset(long step) {
        relearn(step);
        noise.reset();
        level.clear();
        scale.reset();
        mean = Double.NaN;
        wasMuted = false;
    }

    public boolean deviates() {
        return side != 0;
    }

    /** Whether the noise is shared and the rule speaks. */
    public boolean speaks() {
        return armed >= LEAST && noise.shared() && scale.settled();
    }

    /** Correlation of the noise. */
    public double correlation() {
        return noise.correlation();
    }

    /** Where the present or last finding began. */
    public long onsetStep() {
        return onsetStep;
    }

    /** Observations since it was found, that one included. */
    public int observations() {
        return observations;
    }

    /** Its mean size since, nats per token; below 0 where the run is better than it was beside its reference. */
    public double sizeNats() {
        return size;
    }

    /** Standard deviation of e, nats per token. */
    public double sigma() {
        return Math.max(FLOOR_NATS, scale.sigma());
    }

    /** Log10 of the observations in which a healthy pair shows such a thing once. */
    public double rarity() {
        return rarity;
    }

    public void save(ByteBuffer out) {
        noise.save(out);
        level.save(out);
        scale.save(out);
        bank.save(out);
        out.putDouble(mean).put((byte) armed).put((byte) (wasMuted ? 1 : 0)).put(side);
        Varint.put(out, onsetStep + 1);
        Varint.put(out, observations);
        out.putFloat(size).putFloat(recent).putFloat(rarity).put(calmFor);
    }

    public void load(ByteBuffer in) {
        noise.load(in);
        level.load(in);
        scale.load(in);
        bank.load(in);
        mean = in.getDouble();
        armed = in.get();
        wasMuted = in.get() != 0;
        side = in.get();
        onsetStep = Varint.take(in) - 1;
        observations = (int) Varint.take(in);
        size = in.getFloat();
        recent = in.getFloat();
        rarity = in.getFloat();
        calmFor = in.get();
    }
}
