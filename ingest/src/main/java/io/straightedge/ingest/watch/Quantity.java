package io.straightedge.ingest.watch;

import java.util.Locale;

/** A number as people write it: {@code 3e9}, {@code 1.5B}, {@code 124M}, {@code 512k}, {@code 1_000_000}. */
public final class Quantity {

    private static final String SUFFIXES = "kmbt";

    private Quantity() {}

    /**
     * The number.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static double of(String text) {
        String bare = text.strip().toLowerCase(Locale.ROOT).replace("_", "");
        int suffix = bare.isEmpty() ? -1 : SUFFIXES.indexOf(bare.charAt(bare.length() - 1));
        try {
            double number = Double.parseDouble(suffix < 0 ? bare : bare.substring(0, bare.length() - 1));
            if (Double.isFinite(number)) {
                return suffix < 0 ? number : number * Math.pow(1000, suffix + 1);
            }
        } catch (NumberFormatException e) {
            // Said below, with what is accepted.
        }
        throw new IllegalArgumentException(text + " is no number: write 1500000000, 1.5e9 or 1.5B (k, M, B, T)");
    }
}
