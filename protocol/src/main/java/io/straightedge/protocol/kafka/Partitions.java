package io.straightedge.protocol.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * The partition numbers of one bridge and the phase of each.
 *
 * <p>Rebalances are noted as they come; the {@link PartitionState} hears of them by {@link #reconcile}, which is called
 * while no batch is being worked on. A number counts as assigned once that partition of every input is.
 *
 * <p>Not thread-safe: the loop's thread only.
 */
final class Partitions {

    private final List<String> inputs;
    private final PartitionState state;
    private final Positions positions = new Positions();

    /** What the group has given us: the truth about ownership. */
    private final Set<TopicPartition> assigned = new HashSet<>();

    /** What the state has been told of. */
    private final Map<Integer, Phase> phases = new TreeMap<>();

    /** Numbers whose remembered state no longer holds; a subset of the keys of {@code phases}. */
    private final Set<Integer> stale = new TreeSet<>();

    Partitions(List<String> inputs, PartitionState state) {
        this.inputs = inputs;
        this.state = state;
    }

    void assigned(Collection<TopicPartition> partitions) {
        assigned.addAll(partitions);
    }

    void gone(Collection<TopicPartition> partitions) {
        assigned.removeAll(partitions);
        for (TopicPartition partition : partitions) {
            if (phases.containsKey(partition.partition())) {
                stale.add(partition.partition());
            }
        }
    }

    /** Nothing is assigned any more. */
    void allGone() {
        assigned.clear();
        allStale();
    }

    /** What is remembered may be ahead of what is committed: all of it must be rebuilt. */
    void allStale() {
        stale.addAll(phases.keySet());
    }

    /** Drops what is stale and registers what has come. Never while a batch is being worked on. */
    void reconcile() {
        for (int number : stale) {
            state.drop(number);
            positions.forget(number);
            phases.remove(number);
        }
        stale.clear();
        for (TopicPartition partition : assigned) {
            int number = partition.partition();
            if (!phases.containsKey(number) && assigned.containsAll(inputsOf(number))) {
                state.assign(number);
                phases.put(number, Phase.REGISTERED);
            }
        }
    }

    List<TopicPartition> inputsOf(int number) {
        return inputs.stream().map(topic -> new TopicPartition(topic, number)).toList();
    }

    boolean in(Phase phase, int number) {
        return phases.get(number) == phase && !stale.contains(number);
    }

    Set<Integer> in(Phase phase) {
        Set<Integer> numbers = new TreeSet<>();
        phases.forEach((number, its) -> {
            if (its == phase && !stale.contains(number)) {
                numbers.add(number);
            }
        });
        return numbers;
    }

    boolean allLive() {
        return stale.isEmpty() && phases.values().stream().allMatch(phase -> phase == Phase.LIVE);
    }

    /** The input partitions whose records may be handed on. */
    List<TopicPartition> live() {
        List<TopicPartition> live = new ArrayList<>();
        in(Phase.LIVE).forEach(number -> live.addAll(inputsOf(number)));
        return live;
    }

    void enter(Phase next, int number) {
        Phase before = phases.get(number);
        if (before == null || !before.precedes(next)) {
            throw new IllegalStateException("partition " + number + " cannot go from " + before + " to " + next);
        }
        phases.put(number, next);
    }

    /** A snapshot, in which what must be rebuilt counts as registered. */
    Map<Integer, Phase> phases() {
        Map<Integer, Phase> snapshot = new TreeMap<>(phases);
        stale.forEach(number -> snapshot.put(number, Phase.REGISTERED));
        return snapshot;
    }

    Positions positions() {
        return positions;
    }

    PartitionState state() {
        return state;
    }
}
