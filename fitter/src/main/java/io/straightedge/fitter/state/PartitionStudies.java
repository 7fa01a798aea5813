package io.straightedge.fitter.state;

import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.TrainingEvent;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All studies of one partition, and the accounts of its events. One thread at a time. */
public final class PartitionStudies {

    /** Changelog key of the accounts; no study's name is empty. */
    private static final String ACCOUNTS = "\u001fa";

    private final TreeMap<String, StudyState> studies = new TreeMap<>();
    private final TreeMap<String, byte[]> restoring = new TreeMap<>();
    private final Map<Applied, Long> became = new EnumMap<>(Applied.class);
    private final Study study = new Study();
    private long in;
    private boolean accountsDirty;

    /**
     * Applies an event that belongs to this partition.
     *
     * @param logMillis when the log got it, milliseconds since 1970
     */
    public Applied apply(TrainingEvent event, long logMillis, List<Emission> out) {
        String name = event.study();
        if (name == null) {
            throw new IllegalArgumentException("only ticks have no study");
        }
        return study.apply(studies.computeIfAbsent(name, StudyState::new), event, logMillis, out);
    }

    /** Wall time has reached {@code nowMillis}. */
    public void tick(long nowMillis, List<Emission> out) {
        studies.values().forEach(state -> study.tick(state, nowMillis, out));
    }

    /** Counts what became of one event. */
    public void count(Applied what) {
        in++;
        became.merge(what, 1L, Long::sum);
        accountsDirty = true;
    }

    /** The accounts so far. */
    public Accounts accounts() {
        return new Accounts(in, became);
    }

    /** Emits the changelog records of all that has changed since the last call. */
    public void save(List<Emission> out) {
        studies.values().forEach(state -> Changelog.save(state, out));
        if (accountsDirty) {
            accountsDirty = false;
            byte[] sealed = Changelog.seal(accounts().save());
            out.add(new Emission(Topics.FITTER_STATE, ACCOUNTS, sealed, null, null));
        }
    }

    /** Takes a changelog record; the latest of a key wins, null is a tombstone. */
    public void restore(String key, byte @Nullable [] value) {
        if (value == null) {
            restoring.remove(key);
        } else {
            restoring.put(key, value);
        }
    }

    /** All changelog records have been given. */
    public void restored() {
        restoring.forEach((key, value) -> {
            String[] parts = Changelog.parts(key);
            if (key.equals(ACCOUNTS)) {
                Accounts accounts = Accounts.load(Changelog.open(value, parts));
                in = accounts.in();
                became.putAll(accounts.became());
                return;
            }
            try {
                Changelog.restore(studies.computeIfAbsent(parts[0], StudyState::new), parts, value);
            } catch (MessageException e) {
                throw new IllegalStateException(
                        "changelog record " + String.join("/", parts) + ": " + e.getMessage(), e);
            }
        });
        restoring.clear();
    }
}
