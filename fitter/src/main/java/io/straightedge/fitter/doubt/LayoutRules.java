package io.straightedge.fitter.doubt;

import io.straightedge.fitter.law.LawPoints;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the layout of points forbids or makes doubtful, before any fit. Each rule gives its words, or null. */
final class LayoutRules {

    private LayoutRules() {}

    /** With one N nothing says how the loss depends on it. */
    @Nullable
    static String oneSize(LawPoints points) {
        return points.size() > 0 && points.decadesOfParams() == 0
                ? "all points have the same N: nothing says how the loss depends on it"
                : null;
    }

    /** With one D nothing says how the loss depends on it. */
    @Nullable
    static String oneLength(LawPoints points) {
        return points.size() > 0 && points.decadesOfTokens() == 0
                ? "all points have the same D: nothing says how the loss depends on it"
                : null;
    }

    /** A law that holds over less than a decade may be any curve. */
    @Nullable
    static String shortRange(LawPoints points) {
        return points.decadesOfParams() < 1 || points.decadesOfTokens() < 1
                ? "the runs span less than one decade of parameters or tokens"
                : null;
    }

    /** The same N, D and loss twice is a row twice, which then counts twice; another loss is another seed. */
    @Nullable
    static String repeatedRows(LawPoints points, PointNotes notes) {
        Map<List<Double>, Integer> seen = new HashMap<>();
        int repeats = 0;
        String first = "";
        for (int i = 0; i < points.size(); i++) {
            Integer before = seen.putIfAbsent(List.of(points.params(i), points.tokens(i), points.loss(i)), i);
            if (before != null && repeats++ == 0) {
                first = notes.name(i) + " repeats " + notes.name(before);
            }
        }
        if (repeats == 0) {
            return null;
        }
        return first + (repeats > 1 ? " and " + (repeats - 1) + " more rows repeat others" : "")
                + " in N, D and loss: each counts as often as it is there";
    }

    /** Before its learning rate has decayed a run lies above where it would end, by per cents and not alike. */
    @Nullable
    static String undecayed(PointNotes notes) {
        long annealed = notes.annealed().stream().filter(a -> a).count();
        long points = notes.annealed().size();
        if (annealed == points) {
            return null;
        }
        return annealed == 0
                ? "no point is annealed: a law of these is one of un-decayed checkpoints, not of finished runs"
                : (points - annealed) + " of " + points
                        + " points were taken before the learning rate had decayed and lie"
                        + " above where their runs would end";
    }
}
