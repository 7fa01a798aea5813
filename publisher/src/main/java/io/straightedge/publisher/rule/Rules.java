package io.straightedge.publisher.rule;

import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.signal.Alert.Severity;
import java.util.Locale;

/**
 * The rules, one for every detector: how bad a finding is and whether it is to be told.
 *
 * <p>Rules of loss that is gone come first and need no rarity, as no healthy run shows them. Statistical findings are told
 * within the budget of warnings, and page within that of pages if they matter. Information is never told as trouble.
 */
final class Rules {

    /** Observations after which a spike is no single batch or two: of published ones the harmless had one to three. */
    private static final long SPIKE_LASTS = 4;

    private Rules() {}

    /** The name of a detector's rule: the detector's own on the wire. */
    static String name(Detector detector) {
        return detector.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What the detector's rule says, within its settings. */
    static Verdict judge(Finding finding) {
        Verdict verdict = switch (finding.deviation().detector()) {
            case NON_FINITE -> nonFinite(finding);
            case DIVERGENCE -> divergence(finding);
            case NEVER_LEARNS -> neverLearns(finding);
            case STALL -> stall(finding);
            case SPIKE -> spike(finding);
            case DRIFT -> drift(finding);
            case PLATEAU -> plateau(finding);
            case PAIRED -> paired(finding);
            case OFF_LAW -> offLaw(finding);
            case OFF_LADDER -> offLadder(finding);
            case UNIT_MISMATCH -> unitMismatch(finding);
            case GRADIENT -> gradient(finding);
            case TOO_GOOD -> tooGood(finding);
            case SHARED, LAW_JUMP, RESTART, RATE_CHANGE, BATCH_CHANGE -> information(finding);
        };
        return verdict.atMost(finding.settings().most());
    }

    /** A loss that is no number is a warning at once, since steps are skipped; twice in a row it trains nothing: critical. */
    static Verdict nonFinite(Finding finding) {
        return new Verdict(finding.lasts(2) ? Severity.CRITICAL : Severity.WARNING, finding.confirmed());
    }

    /** A loss that runs away, or does not come back, is lost compute: critical at once. */
    static Verdict divergence(Finding finding) {
        return new Verdict(Severity.CRITICAL, finding.confirmed());
    }

    /** A loss that has not begun to fall when others' had will not: critical at once. */
    static Verdict neverLearns(Finding finding) {
        return new Verdict(Severity.CRITICAL, finding.confirmed());
    }

    /** A run that has logged nothing for long enough is burning its machines: critical. */
    static Verdict stall(Finding finding) {
        return new Verdict(Severity.CRITICAL, finding.confirmed());
    }

    /** A jump is a warning; one that lasts is judged by rarity and cost, and if it stays found again as a drift or divergence. */
    static Verdict spike(Finding finding) {
        return finding.lasts(SPIKE_LASTS)
                ? byBudget(finding)
                : new Verdict(Severity.WARNING, finding.confirmed() && finding.withinWarnings());
    }

    /** A loss above its forecast is judged by rarity and cost. */
    static Verdict drift(Finding finding) {
        return byBudget(finding);
    }

    /** A loss that falls no more is judged by rarity and cost. */
    static Verdict plateau(Finding finding) {
        return byBudget(finding);
    }

    /** A run unlike its twin on the same data is judged by rarity and cost; one that is better need not page. */
    static Verdict paired(Finding finding) {
        Verdict verdict = byBudget(finding);
        return finding.deviation().sizeNats() < 0 ? new Verdict(Severity.WARNING, verdict.tell()) : verdict;
    }

    /** A run that will not end where its study says is judged by rarity and cost. */
    static Verdict offLaw(Finding finding) {
        return byBudget(finding);
    }

    /** A curve of another shape than its siblings' is judged by rarity; of sweeps a fifth of the runs has one, so by default it is information. */
    static Verdict offLadder(Finding finding) {
        return byBudget(finding);
    }

    /** A loss in another unit spoils every comparison, and is soon put right: a warning at once. */
    static Verdict unitMismatch(Finding finding) {
        return new Verdict(Severity.WARNING, finding.confirmed());
    }

    /** A gradient norm that has left its level foretells trouble: a warning. */
    static Verdict gradient(Finding finding) {
        return new Verdict(Severity.WARNING, finding.confirmed() && finding.withinWarnings());
    }

    /** A loss below its forecast is judged by rarity; it costs nothing that could not wait until the morning: a warning. */
    static Verdict tooGood(Finding finding) {
        return byBudget(finding);
    }

    /** What a person did, a restart, or a batch that is hard for all, is history that is told as such. */
    static Verdict information(Finding finding) {
        return new Verdict(Severity.INFO, finding.confirmed());
    }

    private static Verdict byBudget(Finding finding) {
        boolean page = finding.withinPages() && finding.matters();
        return new Verdict(
                page ? Severity.CRITICAL : Severity.WARNING,
                finding.confirmed() && (page || (finding.withinWarnings() && finding.noticeable())));
    }
}
