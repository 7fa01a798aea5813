package io.straightedge.protocol.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KafkaSettingsTest {

    @TempDir
    Path folder;

    @Test
    void read_fileAndEnvironment_passThroughAndEnvironmentWins() throws IOException {
        Path file = Files.writeString(
                folder.resolve("client.properties"),
                "bootstrap.servers=file:9092\nsecurity.protocol=SASL_SSL\nplugin.of.ours=x\n");
        Path secret = Files.writeString(folder.resolve("jaas"), "org.example.Login required;\n");
        KafkaSettings settings = KafkaSettings.read(
                null,
                file,
                Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS", "env:9092",
                        "KAFKA_SASL_JAAS_CONFIG_FILE", secret.toString(),
                        "KAFKA_HOME", "/opt/kafka",
                        "PATH", "/bin"));
        assertThat(settings.admin())
                .containsOnly(
                        Map.entry("bootstrap.servers", "env:9092"),
                        Map.entry("security.protocol", "SASL_SSL"),
                        Map.entry("plugin.of.ours", "x"),
                        Map.entry("sasl.jaas.config", "org.example.Login required;"));
        assertThat(KafkaSettings.read("given:9092", file, Map.of()).bootstrapServers())
                .isEqualTo("given:9092");
    }

    @Test
    void read_noServers_saysWhatToGive() {
        assertThatThrownBy(() -> KafkaSettings.read(null, null, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--bootstrap-servers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sasl.jaas.config",
                "ssl.keystore.password",
                "ssl.key.password",
                "ssl.keystore.key",
                "ssl.truststore.password",
                "listener.name.x.sasl.jaas.config",
                "unknown.to.kafka"
            })
    void toString_secret_isMasked(String name) {
        KafkaSettings settings = KafkaSettings.of("host:1").with(Map.of(name, "hunter2", "client.rack", "r1"));
        assertThat(settings.toString())
                .contains(name + "=[hidden]", "client.rack=r1", "bootstrap.servers=host:1")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "com.sun.security.auth.module.JndiLoginModule required user.provider.url=\"ldap://x\";",
                "com.sun.security.auth.module.LdapLoginModule required;"
            })
    void with_remoteLoginModule_isRefusedWithoutRepeatingTheValue(String jaas) {
        assertThatThrownBy(() -> KafkaSettings.of("host:1").with(Map.of("sasl.jaas.config", jaas)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("refused")
                .hasMessageNotContaining("ldap://x");
    }

    @Test
    void client_settingsOfAnInstallation_winOverDefaultsButNotOverWhatCorrectnessNeeds() {
        ExactlyOnce.Options options = new ExactlyOnce.Options(
                KafkaSettings.of("host:1")
                        .with(Map.of(
                                "max.poll.records", "7",
                                "isolation.level", "read_uncommitted",
                                "enable.auto.commit", "true",
                                "acks", "1",
                                "transactional.id", "mine")),
                "group",
                "a",
                java.util.List.of("in"),
                new ExactlyOnce.Restore.Changelog("state"),
                ExactlyOnce.Protocol.CLASSIC);
        assertThat(Clients.memberSettings(options))
                .containsEntry("max.poll.records", "7")
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("enable.auto.commit", false)
                .containsEntry("group.id", "group")
                .containsEntry("group.protocol", "classic")
                .doesNotContainKeys("acks", "transactional.id");
        assertThat(Clients.producerSettings(options.kafka(), options.transactionalId()))
                .containsEntry("acks", "all")
                .containsEntry("transactional.id", "group-a")
                .containsEntry("transaction.timeout.ms", 15_000)
                .doesNotContainKey("max.poll.records");
    }
}
