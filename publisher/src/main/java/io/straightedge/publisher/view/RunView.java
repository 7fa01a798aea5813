package io.straightedge.publisher.view;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Deviation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A run as last heard of.
 *
 * @param splits by name
 * @param deviations the last {@value #MAX_DEVIATIONS} by sequence, each as it last stood
 */
public record RunView(RunId id, SortedMap<String, SplitView> splits, List<Deviation> deviations) {

    /** Most deviations kept of a run. */
    public static final int MAX_DEVIATIONS = 200;

    private static final String USUAL_SPLIT = "train";
    private static final Comparator<Deviation> ORDER =
            Comparator.comparingLong(Deviation::sequence).thenComparing(Deviation::id);

    public RunView {
        splits = Collections.unmodifiableSortedMap(new TreeMap<>(splits));
        deviations = List.copyOf(deviations);
    }

    static RunView empty(RunId id) {
        return new RunView(id, new TreeMap<>(), List.of());
    }

    /** The split shown first: {@code train} if it has an estimate, else the first that has; null when none has. */
    public @Nullable String mainSplit() {
        SplitView usual = splits.get(USUAL_SPLIT);
        if (usual != null && usual.estimate() != null) {
            return USUAL_SPLIT;
        }
        return splits.entrySet().stream()
                .filter(split -> split.getValue().estimate() != null)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** The estimate of {@link #mainSplit}. */
    public @Nullable CurveEstimate estimate() {
        String split = mainSplit();
        SplitView view = split == null ? null : splits.get(split);
        return view == null ? null : view.estimate();
    }

    RunView with(String split, UnaryOperator<SplitView> change) {
        TreeMap<String, SplitView> changed = new TreeMap<>(splits);
        SplitView fresh = change.apply(changed.getOrDefault(split, SplitView.EMPTY));
        if (fresh.empty()) {
            changed.remove(split);
        } else {
            changed.put(split, fresh);
        }
        return new RunView(id, changed, deviations);
    }

    /** With a deviation, which replaces what was known under its id. */
    RunView with(Deviation deviation) {
        List<Deviation> changed = new ArrayList<>(deviations);
        changed.removeIf(old -> old.id().equals(deviation.id()));
        changed.add(deviation);
        changed.sort(ORDER);
        return new RunView(
                id,
                splits,
                changed.size() > MAX_DEVIATIONS
                        ? changed.subList(changed.size() - MAX_DEVIATIONS, changed.size())
                        : changed);
    }
}
