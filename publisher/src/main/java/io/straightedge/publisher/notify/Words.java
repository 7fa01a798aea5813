package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.State;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An alert in words for people; harmless in any sink but for its own markup. Pure. */
final class Words {

    private static final int RUNS = 20;
    private static final int LONGEST_LINK = 1000;

    private Words() {}

    /** What it is about: {@code study/run}, or the study. */
    static String subject(Alert alert) {
        if (alert.study().isEmpty()) {
            return "Straightedge";
        }
        return Inert.name(alert.run().isEmpty() ? alert.study() : alert.study() + "/" + alert.run());
    }

    /** {@code firing}, {@code acknowledged} or {@code resolved}. */
    static String state(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** One line: what, where, how it stands. */
    static String headline(Telling telling) {
        Alert alert = telling.alert();
        String severity = Labels.severity(telling.severity());
        String what = Inert.name(alert.rule()) + " in " + subject(alert);
        return telling.state() == State.FIRING
                ? "[" + severity + "] " + what
                : "[" + state(telling.state()) + "] " + what;
    }

    /** What is known beside the headline, by name. */
    static Map<String, String> details(Telling telling) {
        Alert alert = telling.alert();
        Map<String, String> details = new TreeMap<>();
        details.put("summary", Inert.sentence(alert.summary()));
        if (telling.state() == State.RESOLVED && alert.reason() != null) {
            details.put("reason", Inert.sentence(alert.reason()));
        }
        if (telling.state() == State.ACKNOWLEDGED && alert.acknowledgedBy() != null) {
            details.put("acknowledged_by", Inert.name(alert.acknowledgedBy()));
        }
        if (!alert.study().isEmpty()) {
            details.put("onset_step", Long.toString(alert.onsetStep()));
        }
        if (alert.step() != null) {
            details.put("step", Long.toString(alert.step()));
        }
        String size = size(alert);
        if (size != null) {
            details.put("size", size);
        }
        cost(alert, details);
        if (!alert.runs().isEmpty()) {
            details.put("runs", runs(alert.runs()));
        }
        return details;
    }

    private static @Nullable String size(Alert alert) {
        List<String> parts = new ArrayList<>();
        if (Double.isFinite(alert.sizeNats())) {
            parts.add(String.format(Locale.ROOT, "%+.4g nats", alert.sizeNats()));
        }
        if (alert.sizeSigmas() != null && Double.isFinite(alert.sizeSigmas())) {
            parts.add(String.format(Locale.ROOT, "%+.3g sigma", alert.sizeSigmas()));
        }
        return parts.isEmpty() ? null : String.join(", ", parts);
    }

    private static void cost(Alert alert, Map<String, String> details) {
        Alert.Cost cost = alert.cost();
        if (cost == null) {
            return;
        }
        details.put("final_loss", String.format(Locale.ROOT, "%.4f -> %.4f", cost.finalBefore(), cost.finalAfter()));
        if (cost.flops() != null) {
            String share =
                    cost.share() == null ? "" : String.format(Locale.ROOT, " (%.1f %% of the run)", 100 * cost.share());
            details.put("cost", String.format(Locale.ROOT, "%.3g FLOPs", cost.flops()) + share);
        }
    }

    private static String runs(List<String> runs) {
        String named = String.join(", ", runs.subList(0, Math.min(RUNS, runs.size())));
        return Inert.sentence(runs.size() > RUNS ? runs.size() + " runs: " + named + ", ..." : named);
    }

    /** The page of the run, or of the study, or the first one; null where nobody said under which address they are. */
    static @Nullable String link(Alert alert, @Nullable URI page) {
        if (page == null) {
            return null;
        }
        String base = page.toString().replaceAll("/+$", "") + "/";
        String study = base + "#/studies/" + encoded(alert.study());
        String run = base + "#/runs/" + encoded(alert.study()) + "/" + encoded(alert.run());
        String link = alert.study().isEmpty() ? base : alert.run().isEmpty() ? study : run;
        return link.length() > LONGEST_LINK ? base : link;
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
