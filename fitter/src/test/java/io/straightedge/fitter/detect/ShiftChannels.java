package io.straightedge.fitter.detect;

/** What a {@link ShiftRule} looks at, whether it finds something or not. */
public final class ShiftChannels {

    /** How many there are: fast and slow, upwards and downwards. */
    public static final int COUNT = 4;

    private ShiftChannels() {}

    /** Log10 of the observations in which a healthy run shows as much once, by channel. */
    public static double[] of(ShiftRule rule) {
        return new double[] {
            rule.rarity(true, true), rule.rarity(false, true), rule.rarity(true, false), rule.rarity(false, false)
        };
    }
}
