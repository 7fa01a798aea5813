package io.straightedge.fitter.state;

import org.jspecify.annotations.Nullable;

/**
 * A record for a topic, in the partition of the event that caused it.
 *
 * @param key UTF-8 text on public topics
 * @param value null for a tombstone
 * @param id CloudEvents id; null on private topics and tombstones
 * @param type CloudEvents type; null on private topics and tombstones
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to the wire; nobody compares emissions
public record Emission(
        String topic,
        String key,
        byte @Nullable [] value,
        @Nullable String id,
        @Nullable String type) {

    static Emission tombstone(String topic, String key) {
        return new Emission(topic, key, null, null, null);
    }

    static Emission of(String topic, String key, byte[] value, String id, String type) {
        return new Emission(topic, key, value, id, type);
    }
}
