package io.straightedge.ingest.history;

import java.util.Locale;

/** Names of model sizes. */
final class Sizes {

    private Sizes() {}

    /** 1.5e9 as 1.5B, three digits. */
    static String text(double params) {
        String[] units = {"", "k", "M", "B", "T"};
        int unit = 0;
        double scaled = params;
        while (scaled >= 999.5 && unit < units.length - 1) {
            scaled /= 1000;
            unit++;
        }
        String digits = String.format(Locale.ROOT, scaled < 9.995 ? "%.2f" : scaled < 99.95 ? "%.1f" : "%.0f", scaled);
        return (digits.contains(".") ? digits.replaceAll("\\.?0+$", "") : digits) + units[unit];
    }
}
