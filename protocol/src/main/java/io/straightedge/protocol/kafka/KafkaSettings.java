package io.straightedge.protocol.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/**
 * Where Kafka is and how to talk to it: bootstrap servers and any setting of Kafka's own clients (TLS, SASL, ...),
 * which pass through untouched.
 *
 * <p>Immutable. Values that are or may be secrets are masked in {@link #toString}.
 */
public final class KafkaSettings {

    private static final String PREFIX = "KAFKA_";
    private static final String FILE_SUFFIX = "_FILE";

    /** What any of Kafka's clients knows, with the types that tell which values are secrets. */
    private static final Map<String, ConfigDef.ConfigKey> KNOWN = known();

    /** Login modules that fetch objects from where their configuration says (CVE-2023-25194). */
    private static final Set<String> REFUSED_MODULES = Set.of("JndiLoginModule", "LdapLoginModule");

    private final Map<String, String> settings;

    private KafkaSettings(Map<String, String> settings) {
        settings.forEach(KafkaSettings::refuseRemoteLookup);
        this.settings = Map.copyOf(settings);
    }

    /** Settings of a cluster that asks for nothing more, such as the embedded broker. */
    public static KafkaSettings of(String bootstrapServers) {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("bootstrap servers are missing: give host:port[,host:port...]");
        }
        return new KafkaSettings(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /**
     * Settings from, last wins: a properties file, {@code KAFKA_*} variables, the bootstrap servers given.
     *
     * <p>{@code KAFKA_SASL_JAAS_CONFIG} sets {@code sasl.jaas.config}; {@code KAFKA_SASL_JAAS_CONFIG_FILE} names a file
     * that holds the value. Variables that are no client's setting ({@code KAFKA_HOME}, {@code KAFKA_OPTS}) are left
     * alone.
     *
     * @throws IOException when a file cannot be read
     * @throws IllegalArgumentException when nobody says where Kafka is
     */
    public static KafkaSettings read(
            @Nullable String bootstrapServers, @Nullable Path propertiesFile, Map<String, String> environment)
            throws IOException {
        Map<String, String> settings = new HashMap<>();
        if (propertiesFile != null) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(propertiesFile)) {
                properties.load(reader);
            }
            properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        }
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            if (variable.getKey().startsWith(PREFIX)) {
                readVariable(variable.getKey().substring(PREFIX.length()), variable.getValue(), settings);
            }
        }
        if (bootstrapServers != null) {
            settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        }
        if (!settings.containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
            throw new IllegalArgumentException("bootstrap servers are missing: give --bootstrap-servers, "
                    + "KAFKA_BOOTSTRAP_SERVERS or bootstrap.servers in the properties file");
        }
        return new KafkaSettings(settings);
    }

    private static void readVariable(String name, String value, Map<String, String> settings) throws IOException {
        String setting = settingOf(name);
        if (KNOWN.containsKey(setting)) {
            settings.put(setting, value);
        } else if (name.endsWith(FILE_SUFFIX)) {
            String fromFile = settingOf(name.substring(0, name.length() - FILE_SUFFIX.length()));
            if (KNOWN.containsKey(fromFile)) {
                settings.put(fromFile, Files.readString(Path.of(value)).strip());
            }
        }
    }

    private static String settingOf(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** These settings and more; what is given here wins. */
    public KafkaSettings with(Map<String, String> extra) {
        Map<String, String> merged = new HashMap<>(settings);
        merged.putAll(extra);
        return new KafkaSettings(merged);
    }

    public String bootstrapServers() {
        String servers = settings.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
        if (servers == null) {
            throw new IllegalStateException("settings without bootstrap servers");
        }
        return servers;
    }

    /** A consumer's settings; see {@link #client}. */
    Map<String, Object> consumer(Map<String, Object> defaults, Map<String, Object> required) {
        return client(ConsumerConfig.configNames(), defaults, required);
    }

    /** A producer's settings; see {@link #client}. */
    Map<String, Object> producer(Map<String, Object> defaults, Map<String, Object> required) {
        return client(ProducerConfig.configNames(), defaults, required);
    }

    /** An admin client's settings; see {@link #client}. */
    Map<String, Object> admin() {
        return client(AdminClientConfig.configNames(), Map.of(), Map.of());
    }

    /**
     * Settings of one client, last wins: our defaults, the installation's settings, what correctness requires.
     *
     * <p>Settings that only other kinds of clients know are left out, those that no client knows (of plug-ins) are kept.
     */
    private Map<String, Object> client(Set<String> names, Map<String, Object> defaults, Map<String, Object> required) {
        Map<String, Object> merged = new HashMap<>(defaults);
        settings.forEach((name, value) -> {
            if (names.contains(name) || !KNOWN.containsKey(name)) {
                merged.put(name, value);
            }
        });
        merged.putAll(required);
        return merged;
    }

    private static void refuseRemoteLookup(String name, String value) {
        if (!name.endsWith("sasl.jaas.config")) {
            return;
        }
        for (String module : REFUSED_MODULES) {
            if (value.contains(module)) {
                throw new IllegalArgumentException(
                        name + " names " + module + ", which is refused: it loads what a remote server tells it to");
            }
        }
    }

    private static Map<String, ConfigDef.ConfigKey> known() {
        Map<String, ConfigDef.ConfigKey> keys =
                new HashMap<>(AdminClientConfig.configDef().configKeys());
        keys.putAll(ConsumerConfig.configDef().configKeys());
        keys.putAll(ProducerConfig.configDef().configKeys());
        return Map.copyOf(keys);
    }

    /** Masked unless Kafka itself declares the setting as one that is no secret. */
    private static String shown(String name, String value) {
        ConfigDef.ConfigKey key = KNOWN.get(name);
        return key == null || key.type() == ConfigDef.Type.PASSWORD ? "[hidden]" : value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KafkaSettings that && settings.equals(that.settings);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
    }

    @Override
    public String toString() {
        return new TreeMap<>(settings)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + shown(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(", ", "KafkaSettings[", "]"));
    }
}
