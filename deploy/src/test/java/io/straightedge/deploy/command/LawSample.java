package io.straightedge.deploy.command;

import io.straightedge.protocol.law.ChinchillaLaw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** Finals of a known law in budgets, with a little noise from a fixed seed. */
final class LawSample {

    static final ChinchillaLaw TRUTH = new ChinchillaLaw(1.8, 480, 2100, 0.35, 0.37);

    static final String HEADER = "family,run,params,tokens,flops,loss\n";

    private LawSample() {}

    /** Six budgets of seven sizes each. */
    static Path write(Path file, double noise) throws IOException {
        return Files.writeString(file, HEADER + rows("f", noise));
    }

    static String rows(String family, double noise) {
        Random random = new Random(5);
        StringBuilder text = new StringBuilder();
        for (int budget = 0; budget < 6; budget++) {
            double flops = 1e18 * Math.pow(10, budget * 0.6);
            for (int size = -3; size <= 3; size++) {
                double params = TRUTH.optimum(flops).params() * Math.pow(2, size);
                double tokens = flops / 6 / params;
                double loss = TRUTH.loss(params, tokens) * Math.exp(noise * random.nextGaussian());
                text.append(String.format(
                        Locale.ROOT,
                        "%s,%s-b%d-s%d,%s,%s,%s,%s%n",
                        family,
                        family,
                        budget,
                        size,
                        params,
                        tokens,
                        flops,
                        loss));
            }
        }
        return text.toString();
    }
}
