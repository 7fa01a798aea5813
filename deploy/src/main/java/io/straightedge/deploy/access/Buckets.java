package io.straightedge.deploy.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Token buckets by key: each holds at most {@code burst} and gains {@code perSecond}; the keys not asked for longest are
 * forgotten first, which is the same as being full again. Thread-safe.
 */
public final class Buckets {

    private static final double NANOS = 1e9;

    private static final class Bucket {
        private double level;
        private long nanos;

        Bucket(double level, long nanos) {
            this.level = level;
            this.nanos = nanos;
        }
    }

    private final double perSecond;
    private final double burst;
    private final LongSupplier nanoTime;
    private final Map<String, Bucket> buckets;

    /**
     * Full buckets.
     *
     * @param maxKeys remembered at once
     * @param nanoTime a clock that only goes forward
     */
    public Buckets(double perSecond, double burst, int maxKeys, LongSupplier nanoTime) {
        if (!(perSecond > 0) || !(burst >= 1)) {
            throw new IllegalArgumentException("a bucket of " + burst + " that gains " + perSecond
                    + " a second lets nothing through: give at least 1 and more than 0");
        }
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanoTime = nanoTime;
        this.buckets = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                return size() > maxKeys;
            }
        };
    }

    /**
     * Takes {@code amount} from a key's bucket; more than a full bucket holds is taken from a full one, which then owes.
     *
     * @return 0 when it was taken; else nothing was, and it is the whole seconds until it can be
     */
    public synchronized int take(String key, double amount) {
        long now = nanoTime.getAsLong();
        Bucket bucket = buckets.computeIfAbsent(key, unknown -> new Bucket(burst, now));
        bucket.level = Math.min(burst, bucket.level + (now - bucket.nanos) / NANOS * perSecond);
        bucket.nanos = now;
        double needed = Math.min(amount, burst);
        if (bucket.level >= needed) {
            bucket.level -= amount;
            return 0;
        }
        return Math.max(1, (int) Math.min(3600, Math.ceil((needed - bucket.level) / perSecond)));
    }
}
