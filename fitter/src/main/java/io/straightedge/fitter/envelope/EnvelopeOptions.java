package io.straightedge.fitter.envelope;

/**
 * Choices of approach 1.
 *
 * @param method how the envelope is taken
 * @param samples FLOP values of {@link EnvelopeMethod#INTERPOLATED}, &gt;= 2
 * @param buckets of {@link EnvelopeMethod#BUCKETS}, &gt;= 2
 * @param window checkpoints over which a curve's ln loss is averaged, odd; 1 leaves it as it is
 * @param inner whether to leave out the ends of the envelope that the smallest and the largest size hold: where one of
 *     them is the best, so might be one beyond it, and N* stands still only because nothing else was run
 */
public record EnvelopeOptions(EnvelopeMethod method, int samples, int buckets, int window, boolean inner) {

    /** Hoffmann's 1,500 values between the ends, on curves that are smooth already. */
    public static final EnvelopeOptions DEFAULT = new EnvelopeOptions(EnvelopeMethod.INTERPOLATED, 1500, 20, 1, true);

    /** The whole convex hull, as its source takes it. */
    public static final EnvelopeOptions WHOLE_HULL = new EnvelopeOptions(EnvelopeMethod.HULL, 1500, 20, 1, false);

    public EnvelopeOptions {
        if (samples < 2 || buckets < 2 || window < 1 || window % 2 == 0) {
            throw new IllegalArgumentException("two samples and two buckets at least, and an odd window");
        }
    }

    /** With another way to take the envelope. */
    public EnvelopeOptions with(EnvelopeMethod another) {
        return new EnvelopeOptions(another, samples, buckets, window, inner);
    }
}
