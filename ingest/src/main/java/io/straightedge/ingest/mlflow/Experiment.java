package io.straightedge.ingest.mlflow;

import io.straightedge.protocol.run.Names;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * An experiment, which is a study of the same name.
 *
 * <p>Its id follows from its name, so that two gateways which create it at the same time agree.
 *
 * @param created epoch milliseconds
 */
record Experiment(String id, String name, long created, Map<String, String> tags) {

    /** The one that is always there. */
    static final Experiment DEFAULT = new Experiment("0", "Default", 0, Map.of());

    private static final BigInteger IDS = BigInteger.TEN.pow(18);

    Experiment {
        tags = tags == null ? Map.of() : Map.copyOf(tags);
    }

    /** A new one. */
    static Experiment named(String name, long created, Map<String, String> tags) {
        try {
            Names.require(name, "the experiment's name");
        } catch (IllegalArgumentException e) {
            throw Refused.invalid(String.valueOf(e.getMessage()));
        }
        return name.equals(DEFAULT.name) ? DEFAULT : new Experiment(id(name), name, created, tags);
    }

    private static String id(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, Arrays.copyOf(hash, 16)).mod(IDS).add(IDS).toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    Experiment with(String key, String value) {
        Map<String, String> more = new TreeMap<>(tags);
        more.put(key, value);
        return new Experiment(id, name, created, more);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("experiment_id", id);
        json.put("name", name);
        json.put("artifact_location", "mlflow-artifacts:/" + id);
        json.put("lifecycle_stage", "active");
        json.put("creation_time", created);
        json.put("last_update_time", created);
        json.put("tags", Wire.pairs(tags));
        return json;
    }
}
