package io.straightedge.publisher.notify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.protocol.signal.Alert.State;
import io.straightedge.protocol.signal.AlertCommand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

final class ToldRecordsTest {

    private final List<String> written = new ArrayList<>();
    private boolean away;
    private final ToldRecords records = new ToldRecords(batch -> away
            ? Mono.error(new IllegalStateException("away"))
            : Mono.fromRunnable(() -> batch.forEach(record -> written.add(
                    record.partition() + " " + new String(record.key(), UTF_8) + " " + (record.value() != null)))));

    @Test
    void withdraw_told_takesItsRecordBack() {
        AlertCommand told = told("told/log/a");
        records.add(3, told);
        records.write().block();
        away = true;
        records.withdraw(3, told.key());
        records.write().block();
        assertThat(given()).isEmpty();
        away = false;
        records.write().block();
        records.write().block();

        assertThat(written).containsExactly("3 told/log/a true", "3 told/log/a false");
    }

    @Test
    void add_notYetWritten_isGivenToAPartitionThatArrives() {
        away = true;
        records.add(3, told("told/log/a"));
        records.add(4, told("told/log/b"));
        records.write().block();

        assertThat(given()).extracting(AlertCommand::key).containsExactly("told/log/a");
    }

    private List<AlertCommand> given() {
        List<AlertCommand> given = new ArrayList<>();
        records.of(3, given::add);
        return given;
    }

    private static AlertCommand told(String key) {
        return new AlertCommand(
                key, "ladder", AlertCommand.Action.TOLD, "a", "log", null, Instant.EPOCH, Map.of(), null, State.FIRING);
    }
}
