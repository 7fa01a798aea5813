package io.straightedge.publisher.rule;

import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.signal.Alert.Cost;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A deviation as a rule looks at it: what is known of it, against what is set. Predicates, all of them pure.
 *
 * @param cost what it costs if it stays, where that is known
 */
record Finding(Deviation deviation, @Nullable Cost cost, RuleSettings settings, RuleBook book) {

    private static final double MILLIS = 1000;
    private static final double NOTICEABLE_NATS = .01;

    /** Enough observations since the onset, enough time, and rare enough for the rule's own limit. */
    boolean confirmed() {
        return observed() && lasted() && rare();
    }

    /** Whether it is known to have lasted for so many observations. */
    boolean lasts(long least) {
        Long observations = deviation.observations();
        return observations != null && observations >= least;
    }

    private boolean observed() {
        Long observations = deviation.observations();
        return observations == null || observations >= settings.afterObservations();
    }

    private boolean lasted() {
        if (deviation.since() == null || deviation.time() == null) {
            return true;
        }
        double seconds = Duration.between(deviation.since(), deviation.time()).toMillis() / MILLIS;
        return seconds >= settings.afterSeconds();
    }

    private boolean rare() {
        Double oncePer = deviation.oncePer();
        return oncePer == null || oncePer >= settings.oncePer();
    }

    /** Days that a healthy run takes to show as much once; infinite where it could not; NaN where it is not known. */
    double runDays() {
        Double oncePer = deviation.oncePer();
        if (oncePer == null) {
            return Double.NaN;
        }
        Double perDay = deviation.perDay();
        return oncePer / (perDay != null && perDay > 0 ? perDay : RuleBook.USUAL_PER_DAY);
    }

    /** Within its share of the budget of warnings; also when its rarity is not known, as it was worth a message. */
    boolean withinWarnings() {
        double days = runDays();
        return Double.isNaN(days) || days >= RuleBook.SHARES * book.runDaysPerWarning();
    }

    /** Within its share of the budget of pages; not when its rarity is not known. */
    boolean withinPages() {
        return runDays() >= RuleBook.SHARES * book.runDaysPerPage();
    }

    /** Large enough for anybody to care: the forecast itself is no better than this on a curve without noise. */
    boolean noticeable() {
        return !(Math.abs(deviation.sizeNats()) < NOTICEABLE_NATS);
    }

    /** Large in nats, or in what it costs. */
    boolean matters() {
        boolean large = Math.abs(deviation.sizeNats()) >= settings.pageNats();
        Double share = cost == null ? null : cost.share();
        return large || (share != null && share >= settings.pageShare());
    }
}
