package io.straightedge.fitter.doubt;

import io.straightedge.fitter.law.Doubts;
import io.straightedge.fitter.law.LawPoints;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What points say against a law of them before one is fitted.
 *
 * <p>Refusals come in the order in which a person would mend them: too little of anything first, then losses that
 * cannot be of one law. Doubts name rows where one row is to blame. A misprint is suspected only where the other rows
 * agree, so that another way of counting, which is no misprint, is said once and not row by row. O(n), with some
 * hundred passes for the robust surface: for a study looked at, not for each new point.
 *
 * @param refusals why no law should be fitted; empty where one may be
 * @param doubts what may be wrong with one
 */
public record DataDoubts(List<String> refusals, List<String> doubts) {

    public DataDoubts {
        refusals = List.copyOf(refusals);
        doubts = List.copyOf(doubts);
    }

    /**
     * Of points for a law L(N, D).
     *
     * @param coefficients of the law, at most nine
     */
    public static DataDoubts ofSurface(LawPoints points, PointNotes notes, int coefficients) {
        List<String> refusals = new ArrayList<>();
        add(refusals, LayoutRules.oneSize(points));
        add(refusals, LayoutRules.oneLength(points));
        if (refusals.isEmpty()) {
            add(refusals, Doubts.refusal(points, coefficients));
        }
        List<String> doubts = new ArrayList<>();
        if (refusals.isEmpty()) {
            add(doubts, LayoutRules.shortRange(points));
        }
        return with(refusals, doubts, points, notes);
    }

    /** Of points for a law of one variable, which itself says whether there is enough of that. */
    public static DataDoubts ofCurve(LawPoints points, PointNotes notes) {
        return with(new ArrayList<>(), new ArrayList<>(), points, notes);
    }

    /** Adds what is wrong for any law. */
    private static DataDoubts with(List<String> refusals, List<String> doubts, LawPoints points, PointNotes notes) {
        notes.check(points.size());
        add(refusals, UnitRules.severalUnits(notes));
        add(refusals, UnitRules.severalLossesOfOneRun(points));
        if (refusals.isEmpty()) {
            double factor = UnitRules.commonFactor(points);
            if (factor != 1) {
                (UnitRules.isBits(factor) ? refusals : doubts).add(UnitRules.factor(factor));
            } else {
                doubts.addAll(MisprintRules.powerOfTen(points, notes));
            }
        }
        add(doubts, LayoutRules.repeatedRows(points, notes));
        add(doubts, LayoutRules.undecayed(notes));
        doubts.addAll(MisprintRules.flops(points, notes));
        add(doubts, MisprintRules.otherFlops(points));
        return new DataDoubts(refusals, doubts);
    }

    private static void add(List<String> words, @Nullable String word) {
        if (word != null) {
            words.add(word);
        }
    }
}
