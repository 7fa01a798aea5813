package io.straightedge.deploy.plot;

import java.util.List;
import java.util.Locale;

/** A colour, 0 to 255 each. The palette is of even steps of lightness, so that it prints as distinct greys. */
public record Ink(int red, int green, int blue) {

    public static final Ink BLACK = new Ink(0, 0, 0);

    /** Of grid lines. */
    static final Ink FAINT = new Ink(226, 226, 226);

    /** Of frames and ticks. */
    static final Ink GREY = new Ink(110, 110, 110);

    /** Of the wide band. */
    public static final Ink WIDE_BAND = new Ink(226, 232, 240);

    /** Of the narrow band. */
    public static final Ink NARROW_BAND = new Ink(196, 208, 224);

    /** Dark to light, then round again; the lightest still stands out from white. */
    private static final List<Ink> PALETTE = List.of(
            new Ink(68, 1, 84),
            new Ink(0, 90, 160),
            new Ink(176, 52, 40),
            new Ink(0, 128, 90),
            new Ink(196, 116, 0),
            new Ink(116, 116, 116));

    /** The ink of the i-th series. */
    public static Ink of(int i) {
        return PALETTE.get(Math.floorMod(i, PALETTE.size()));
    }

    String hex() {
        return String.format(Locale.ROOT, "#%02x%02x%02x", red, green, blue);
    }
}
