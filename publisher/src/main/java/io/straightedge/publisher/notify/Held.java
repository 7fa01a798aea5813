package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.AlertCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What is to be told of the partitions that are here; of one that is not live yet, nothing. Not thread-safe. */
final class Held {

    /** A telling on its way, with where it comes from. */
    record Pick(int partition, Deliveries deliveries, Telling telling) {}

    private static final class Partition {
        final Deliveries deliveries;
        boolean live;

        Partition(Deliveries deliveries) {
            this.deliveries = deliveries;
        }
    }

    private final Routing routing;
    private final Duration maxAge;
    private final TreeMap<Integer, Partition> partitions = new TreeMap<>();

    private int rounds;

    Held(Routing routing, Duration maxAge) {
        this.routing = routing;
        this.maxAge = maxAge;
    }

    Deliveries of(int partition) {
        return at(partition).deliveries;
    }

    private Partition at(int partition) {
        return partitions.computeIfAbsent(partition, number -> new Partition(new Deliveries(routing, maxAge)));
    }

    void live(int partition) {
        at(partition).live = true;
    }

    void drop(int partition) {
        partitions.remove(partition);
    }

    /** Forgets what is done with; {@code withdraw} is given the partition and key of each record that means nothing now. */
    void settle(Collection<Recipient> recipients, Instant now, BiConsumer<Integer, String> withdraw) {
        partitions.forEach(
                (number, its) -> its.deliveries.settle(recipients, now).forEach(key -> withdraw.accept(number, key)));
    }

    /** How much a sink has not yet been told. */
    int pending(Recipient recipient, Instant now) {
        return partitions.values().stream()
                .filter(its -> its.live)
                .mapToInt(its -> its.deliveries.pending(recipient, now))
                .sum();
    }

    /** What a sink is to be told now, at most so much; it is on its way from then on. */
    List<Pick> due(Recipient recipient, Instant now, int most) {
        List<Pick> picks = new ArrayList<>();
        List<Map.Entry<Integer, Partition>> all = new ArrayList<>(partitions.entrySet());
        if (all.isEmpty()) {
            return picks;
        }
        // Another one first each time: none waits for ever behind one that always has something to say.
        int start = Math.floorMod(rounds++, all.size());
        for (int i = 0; i < all.size() && picks.size() < most; i++) {
            Map.Entry<Integer, Partition> its = all.get((start + i) % all.size());
            if (its.getValue().live) {
                Deliveries deliveries = its.getValue().deliveries;
                deliveries
                        .due(recipient, now, most - picks.size())
                        .forEach(telling -> picks.add(new Pick(its.getKey(), deliveries, telling)));
            }
        }
        return picks;
    }

    /** Notes what was told also where the partition has gone and come back while that was on its way. */
    void again(Pick pick, AlertCommand told) {
        Partition present = partitions.get(pick.partition());
        if (present != null && present.deliveries != pick.deliveries()) {
            present.deliveries.command(told);
        }
    }
}
