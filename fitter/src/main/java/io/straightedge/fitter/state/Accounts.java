package io.straightedge.fitter.state;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;

/**
 * What became of a partition's events, since its beginning. Kept in the changelog, so the sums hold over crashes:
 * {@code in = applied + duplicate + late + forwarded + dead letters}.
 *
 * @param in events read from the partition
 */
public record Accounts(long in, Map<Applied, Long> became) {

    /** No events at all. */
    public static final Accounts NONE = new Accounts(0, new EnumMap<>(Applied.class));

    public Accounts {
        became = Map.copyOf(became);
    }

    /** How many events became this. */
    public long count(Applied what) {
        return became.getOrDefault(what, 0L);
    }

    /** Whether every event is accounted for. */
    public boolean balanced() {
        return in == became.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Both partitions' events together. */
    public Accounts plus(Accounts other) {
        Map<Applied, Long> sums = new EnumMap<>(Applied.class);
        for (Applied what : Applied.values()) {
            sums.put(what, count(what) + other.count(what));
        }
        return new Accounts(in + other.in, sums);
    }

    byte[] save() {
        ByteBuffer out = ByteBuffer.allocate(8 * (1 + Applied.values().length));
        out.putLong(in);
        for (Applied what : Applied.values()) {
            out.putLong(count(what));
        }
        return out.array();
    }

    static Accounts load(ByteBuffer saved) {
        long in = saved.getLong();
        Map<Applied, Long> became = new EnumMap<>(Applied.class);
        for (Applied what : Applied.values()) {
            became.put(what, saved.getLong());
        }
        return new Accounts(in, became);
    }
}
