package io.straightedge.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration as a script runs it. */
@Timeout(180)
class DemoIT {

    @TempDir
    Path folder;

    @Test
    void demo_headlessJson_holdsItsChecksAndSaysSo() throws Exception {
        JsonNode report = StraightedgeProcess.run(folder.resolve("log.txt"), 0, "demo", "--headless", "--seed", "3");
        List<String> failed = new ArrayList<>();
        report.get("checks").forEach(check -> {
            if (!check.get("ok").asBoolean()) {
                failed.add(check.toString());
            }
        });
        assertThat(failed).isEmpty();
        assertThat(report.get("ok").asBoolean()).isTrue();
        assertThat(report.get("events").get("balanced").asBoolean()).isTrue();
        assertThat(report.get("deadLetters").asLong()).isEqualTo(4);
        assertThat(report.get("faults"))
                .hasSize(7)
                .allMatch(fault -> fault.get("found").asBoolean());
        assertThat(report.get("runs")).hasSize(15);
    }

    @Test
    void demo_startedAgainOnItsData_goesOnWhereItWas() throws Exception {
        String data = folder.resolve("data").toString();
        JsonNode first = StraightedgeProcess.run(folder.resolve("log.txt"), 0, "demo", "--headless", "--data", data);
        JsonNode second = StraightedgeProcess.run(folder.resolve("log.txt"), 0, "demo", "--headless", "--data", data);
        assertThat(second.get("studies")).isEqualTo(first.get("studies"));
        assertThat(second.get("events").get("duplicate").asLong()).isZero();
        assertThat(Json.bytes(second.get("runs"))).isEqualTo(Json.bytes(first.get("runs")));
    }
}
