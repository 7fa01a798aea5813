package io.straightedge.ingest.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.straightedge.ingest.manifest.ManifestFacts;
import io.straightedge.ingest.source.Item;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.TrainingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunTellerTest {

    /** Takes {@code seq} for the sequence length and {@code steps} for the plan. */
    private static final ManifestSource CONFIGURATION = (study, run, values) -> new RunManifest(
            study,
            run,
            null,
            null,
            null,
            values.containsKey("steps") ? Long.valueOf(values.get("steps")) : null,
            null,
            null,
            null,
            values.containsKey("seq") ? Integer.valueOf(values.get("seq")) : null,
            null,
            null,
            null,
            null,
            Map.of(),
            List.of(),
            null,
            Map.of(),
            values.isEmpty() ? Map.of() : Map.of("plannedSteps", "from the file"));

    private final List<TrainingEvent> events = new ArrayList<>();

    @Test
    void names_ofOneFile_followTheBaseAndTheFile() {
        RunTeller.Part part = teller(false).part();
        part.tell(point(null, 1), false, events::add);
        part.tell(point("#2", 1), false, events::add);
        part.tell(point("alice", 1), false, events::add);
        assertThat(runs()).containsExactly("base", "base#2", "alice");
    }

    @Test
    void names_ofSeveralFiles_arePutBehindTheBase() {
        teller(true).part().tell(point("alice", 1), false, events::add);
        assertThat(runs()).containsExactly("base/alice");
    }

    @Test
    void name_thatIsNoName_isMadeOne() {
        RunTeller.Part part = teller(false).part();
        part.tell(point("a\u0007b", 1), false, events::add);
        part.tell(point("#x", 1), false, events::add);
        part.tell(point("x".repeat(400), 1), false, events::add);
        assertThat(runs()).containsExactly("a?b", "#x", "x".repeat(250));
    }

    @Test
    void manifest_goesBeforeTheFirstLossAndWhenItChanges() {
        RunTeller teller = teller(false);
        RunTeller.Part part = teller.part();
        part.tell(new Item.Config(null, Map.of("steps", "100")), false, events::add);
        part.tell(point(null, 1), false, events::add);
        part.tell(point(null, 2), false, events::add);
        part.tell(new Item.Config(null, Map.of("steps", "200")), false, events::add);
        part.tell(point(null, 3), false, events::add);
        part.tell(new Item.Config(null, Map.of("steps", "300")), false, events::add);
        teller.settle(events::add);
        teller.settle(events::add);
        assertThat(events.stream()
                        .map(event ->
                                event instanceof RunManifest manifest ? "plan " + manifest.plannedSteps() : "loss"))
                .containsExactly("plan 100", "loss", "loss", "plan 200", "loss", "plan 300");
    }

    @Test
    void manifest_thatWasToldEarlier_isNotToldAgain() {
        RunTeller first = teller(false);
        first.part().tell(new Item.Config(null, Map.of("steps", "100")), false, events::add);
        first.part().tell(point(null, 1), false, events::add);
        String digest = RunTeller.digest((RunManifest) events.get(0));
        events.clear();

        RunTeller second = teller(false);
        second.told(Map.of("base", digest));
        RunTeller.Part part = second.part();
        part.tell(new Item.Config(null, Map.of("steps", "100")), true, events::add);
        part.tell(point(null, 1), true, events::add);
        part.tell(point(null, 2), false, events::add);
        assertThat(events).hasSize(1).first().isInstanceOf(LossObservation.class);
    }

    @Test
    void manifest_givenByTheUser_winsAndSaysSo() {
        GivenManifests given = GivenManifests.NONE
                .with(Map.of("plannedSteps", 7), "--planned-steps")
                .with(Map.of("tokensPerStep", 512.0), "--tokens-per-step");
        RunTeller.Part part = new RunTeller("study", "base", false, CONFIGURATION, given).part();
        part.tell(new Item.Config(null, Map.of("steps", "100", "seq", "8")), false, events::add);
        part.tell(point(null, 1), false, events::add);
        RunManifest manifest = (RunManifest) events.get(0);
        assertThat(manifest.plannedSteps()).isEqualTo(7);
        assertThat(manifest.tokensPerStep()).isEqualTo(512);
        assertThat(manifest.sequenceLength()).isEqualTo(8);
        assertThat(manifest.provenance())
                .containsEntry("plannedSteps", "--planned-steps")
                .containsEntry("tokensPerStep", "--tokens-per-step");
    }

    @Test
    void manifest_fromBesideTheFile_losesToTheFileAndTheUser() {
        RunTeller teller = teller(false);
        teller.beside(Map.of("steps", "100", "seq", "8"));
        RunTeller.Part part = teller.part();
        part.tell(new Item.Config(null, Map.of("seq", "16")), false, events::add);
        part.tell(point(null, 1), false, events::add);
        RunManifest manifest = (RunManifest) events.get(0);
        assertThat(manifest.plannedSteps()).isEqualTo(100);
        assertThat(manifest.sequenceLength()).isEqualTo(16);
    }

    @Test
    void givenSequenceLength_makesTokensPerStepOfTheBatchThatTheFileSays() {
        ManifestSource facts =
                (study, run, values) -> ManifestFacts.from(values).manifest(study, run, null);
        GivenManifests given = GivenManifests.NONE.with(Map.of("sequenceLength", 2048), "--sequence-length");
        RunTeller.Part part = new RunTeller("study", "base", false, facts, given).part();
        part.tell(new Item.Config(null, Map.of("global_batch_size", "256")), false, events::add);
        part.tell(point(null, 1), false, events::add);
        RunManifest manifest = (RunManifest) events.get(0);
        assertThat(manifest.tokensPerStep()).isEqualTo(2048.0 * 256);
        assertThat(manifest.provenance()).containsEntry("sequenceLength", "--sequence-length");
    }

    @Test
    void givenParams_winOverAColumns_andCountWhatTheUserSays() {
        ManifestSource facts =
                (study, run, values) -> ManifestFacts.from(values).manifest(study, run, null);
        GivenManifests given = GivenManifests.NONE.with(Map.of("params", 2e9), "--params");
        RunTeller.Part part = new RunTeller("study", "base", false, facts, given).part();
        part.tell(
                new Item.Config(null, Map.of("straightedge.params", "1e9", "straightedge.paramsCount", "total")),
                false,
                events::add);
        part.tell(point(null, 1), false, events::add);
        RunManifest manifest = (RunManifest) events.get(0);
        assertThat(manifest.params()).isEqualTo(2e9);
        assertThat(manifest.paramsCount()).isNull();
        assertThat(manifest.provenance()).containsEntry("params", "--params");
    }

    @Test
    void givenFields_thatAreNone_areRefused() {
        assertThatThrownBy(() -> GivenManifests.NONE.with(Map.of("plannedStep", 7), "m.yaml"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("m.yaml: plannedStep is no field of a run")
                .hasMessageContaining("plannedSteps");
        assertThatThrownBy(() -> GivenManifests.NONE.with(Map.of("params", -1), "m.yaml"))
                .hasMessageContaining("m.yaml: params is -1.0");
    }

    @Test
    void configuration_thatCannotBe_isLeftOutAndSaid() {
        RunTeller teller = teller(false);
        RunTeller.Part part = teller.part();
        part.tell(new Item.Config(null, Map.of("steps", "many")), false, events::add);
        part.tell(point(null, 1), false, events::add);
        assertThat(events).hasSize(1);
        assertThat(teller.missing(teller.runs().iterator().next()))
                .startsWith("nothing is taken from its configuration: For input string");
    }

    @Test
    void tokens_areCountedFromSamplesOnceTheSequenceLengthIsKnown() {
        RunTeller.Part part = teller(false).part();
        part.tell(new Item.Point(null, "train", 1, null, 10.0, 3.0, null, null, null, null), false, events::add);
        part.tell(new Item.Config(null, Map.of("seq", "2048")), false, events::add);
        part.tell(new Item.Point(null, "train", 2, null, 20.0, 3.0, null, null, null, null), false, events::add);
        part.tell(new Item.Point(null, "train", 3, 7.0, 30.0, 3.0, null, null, null, null), false, events::add);
        part.tell(new Item.Point(null, "train", 4, Double.NaN, null, 3.0, null, null, null, null), false, events::add);
        assertThat(losses().map(LossObservation::tokens)).containsExactly(null, 40_960.0, 7.0, null);
    }

    @Test
    void restart_inOneOfTwoFiles_numbersNeither() {
        RunTeller teller = teller(false);
        RunTeller.Part training = teller.part();
        RunTeller.Part validation = teller.part();
        training.tell(point(null, 5), false, events::add);
        validation.tell(point(null, 5), false, events::add);
        training.tell(new Item.Restart(null, 4), false, events::add);
        training.tell(point(null, 4), false, events::add);
        validation.tell(point(null, 4), false, events::add);
        assertThat(losses().map(LossObservation::attempt)).hasSize(4).containsOnlyNulls();
        assertThat(teller.runs().iterator().next().lastStep()).isEqualTo(4);
    }

    @Test
    void anotherFile_goesOnWithTheLastRun() {
        RunTeller teller = teller(false);
        teller.part().tell(point("#2", 1), false, events::add);
        RunTeller.Part rotated = teller.part();
        rotated.tell(point(null, 2), false, events::add);
        rotated.tell(point("#2", 1), false, events::add);
        assertThat(runs()).containsExactly("base#2", "base#2", "base#3");
        assertThat(rotated.firstOrdinal()).isEqualTo(2);
    }

    @Test
    void end_isTold() {
        teller(false).part().tell(new Item.End(null, Outcome.FAILED, null), false, events::add);
        assertThat(events).containsExactly(new RunEnd("study", "base", Outcome.FAILED, null, null));
    }

    @Test
    void loss_atANegativeStep_isRefused() {
        assertThatThrownBy(() -> teller(false).part().tell(point(null, -1), false, events::add))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static RunTeller teller(boolean prefixed) {
        return new RunTeller("study", "base", prefixed, CONFIGURATION, GivenManifests.NONE);
    }

    private static Item point(@Nullable String run, long step) {
        return new Item.Point(run, "train", step, null, null, 3.0, null, null, null, null);
    }

    private java.util.stream.Stream<LossObservation> losses() {
        return events.stream().filter(LossObservation.class::isInstance).map(LossObservation.class::cast);
    }

    private List<String> runs() {
        return losses().map(LossObservation::run).toList();
    }
}
