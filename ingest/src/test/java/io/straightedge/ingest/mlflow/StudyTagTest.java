package io.straightedge.ingest.mlflow;

import static io.straightedge.ingest.mlflow.Bodies.assertRefused;
import static io.straightedge.ingest.mlflow.Bodies.batch;
import static io.straightedge.ingest.mlflow.Bodies.metrics;
import static io.straightedge.ingest.mlflow.Bodies.params;
import static io.straightedge.ingest.mlflow.Bodies.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.StudyCommand;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** The tag that says in which study a run is to be, as trainers set it: after the run has been created. */
@Timeout(30)
final class StudyTagTest {

    private final Gateway gateway = Gateway.fresh();

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void study_beforeTheFirstLoss_movesTheRun() {
        String run = gateway.run("s", "r");
        gateway.good("/runs/log-batch", batch(run, metrics("accuracy=0.5", 0), params("max_steps=10")));
        gateway.good(
                "/runs/log-batch",
                "{\"run_id\":\"" + run + "\",\"tags\":[{\"key\":\"straightedge.study\",\"value\":\"ladder\"}]}");
        gateway.good("/runs/log-batch", batch(run, metrics("loss=2.5", 1), "[]"));

        assertThat(gateway.manifests())
                .extracting(RunManifest::study, RunManifest::run, RunManifest::plannedSteps)
                .containsExactly(tuple("s", "r", null), tuple("s", "r", 10L), tuple("ladder", "r", 10L));
        assertThat(gateway.ofType(StudyCommand.class))
                .as("a token for sending commands nothing: another run may be called r there")
                .isEmpty();
        assertThat(gateway.losses())
                .extracting(LossObservation::study, LossObservation::run)
                .containsExactly(tuple("ladder", "r"));
        assertThat(gateway.get("/runs/get?run_id=" + run).body()).doesNotContain("straightedge.problem");
    }

    @Test
    void study_nameTakenThere_getsAnother() {
        gateway.run("ladder", "r");
        String run = gateway.run("s", "r");
        gateway.good("/runs/set-tag", tag(run, "straightedge.study", "ladder"));
        gateway.good("/runs/log-batch", batch(run, metrics("loss=2.5", 1), "[]"));
        assertThat(gateway.losses())
                .extracting(LossObservation::study, LossObservation::run)
                .containsExactly(tuple("ladder", "r-" + run.substring(0, 8)));
    }

    @Test
    void study_afterTheFirstLoss_isKeptAndSaysWhyNothingMoves() {
        String run = gateway.run("s", "r");
        gateway.good("/runs/log-batch", batch(run, metrics("loss=2.5", 1), "[]"));
        try (Gateway after = Gateway.on(gateway.written)) {
            after.catchUp();
            after.good("/runs/set-tag", tag(run, "straightedge.study", "ladder"));
            after.good("/runs/set-tag", tag(run, "straightedge.params", "1e9"));
            after.good("/runs/log-batch", batch(run, metrics("loss=2.25", 2), "[]"));
            assertThat(after.losses()).extracting(LossObservation::study).containsOnly("s");
            assertThat(after.manifests()).extracting(RunManifest::study).containsOnly("s");
            assertThat(after.ofType(StudyCommand.class)).isEmpty();
            assertThat(after.get("/runs/get?run_id=" + run).body())
                    .contains("straightedge.study ladder came after the first loss: the run stays in s");
        }
        try (Gateway again = Gateway.on(gateway.written)) {
            again.catchUp();
            again.good("/runs/log-batch", batch(run, metrics("loss=2.0", 3), params("max_steps=10")));
            assertThat(again.losses()).extracting(LossObservation::study).containsOnly("s");
            assertThat(again.manifests().get(again.manifests().size() - 1).params())
                    .as("the problem that is told is no override")
                    .isEqualTo(1e9);
        }
    }

    @Test
    void study_notForTheCaller_isRefusedAndMovesNothing() {
        String run = gateway.run("s", "r");
        gateway.caller = new Caller("t", Map.of(Scope.INGEST, Set.of("s")));
        assertRefused(gateway.post("/runs/set-tag", tag(run, "straightedge.study", "yours")), 403, "PERMISSION_DENIED");
        assertRefused(gateway.post("/runs/set-tag", tag(run, "straightedge.study", "a\\nb")), 400, "INVALID");
        gateway.good("/runs/log-batch", batch(run, metrics("loss=2.5", 1), "[]"));
        assertThat(gateway.losses()).extracting(LossObservation::study).containsExactly("s");
    }

    @Test
    void study_kafkaAway_movesOnlyWhenItIsStored() {
        String run = gateway.run("s", "r");
        RecordWriter before = gateway.writer;
        gateway.writer = records -> Mono.error(new IllegalStateException("away"));
        assertThat(gateway.post("/runs/set-tag", tag(run, "straightedge.study", "ladder"))
                        .statusCode())
                .isEqualTo(503);
        gateway.writer = before;
        gateway.good("/runs/set-tag", tag(run, "k", "v"));
        assertThat(gateway.manifests()).extracting(RunManifest::study).containsOnly("s");
        gateway.good("/runs/set-tag", tag(run, "straightedge.study", "ladder"));
        gateway.good("/runs/log-batch", batch(run, metrics("loss=2.5", 1), "[]"));
        assertThat(gateway.losses())
                .extracting(LossObservation::study, LossObservation::run)
                .containsExactly(tuple("ladder", "r"));
    }
}
