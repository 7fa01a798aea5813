package io.straightedge.ingest.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.ingest.manifest.ManifestFacts;
import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.TrainingEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FollowerTest {

    @TempDir
    Path folder;

    private final List<TrainingEvent> stored = new ArrayList<>();
    private final Map<String, Position> positions = new LinkedHashMap<>();
    private final List<String> said = new ArrayList<>();

    @Test
    void file_thatGrowsInOddPieces_isGivenOnceAndInOrder() throws IOException {
        byte[] text = ("tiny\n" + lines(1, 300)).getBytes(UTF_8);
        Follower follower = follower();
        Random random = new Random(4);
        Path file = folder.resolve("a.log");
        for (int from = 0; from < text.length; ) {
            int to = Math.min(text.length, from + 1 + random.nextInt(40));
            append(file, Arrays.copyOfRange(text, from, to));
            from = to;
            turn(follower);
        }
        assertThat(steps("a")).isEqualTo(range(1, 300));
    }

    @Test
    void line_withoutItsEnd_isNotGiven() throws IOException {
        append("a.log", "tiny\n1 3.5\n2 3.2");
        Follower follower = follower();
        turn(follower);
        assertThat(steps("a")).isEqualTo(range(1, 1));
        append("a.log", "5\n");
        turn(follower);
        assertThat(stored).extracting(event -> ((LossObservation) event).loss()).containsExactly(3.5, 3.25);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void killedAnywhere_withEventsAndPositionsStoredTogether_nothingIsLostOrRepeated(long seed) throws IOException {
        Random random = new Random(seed);
        Follower follower = follower();
        int written = 0;
        while (written < 20_000) {
            int more = random.nextInt(2_500);
            append("a.log", (written == 0 ? "tiny\n" : "") + lines(written + 1, written + more));
            append("b/train.log", (written == 0 ? "tiny\n" : "") + lines(written + 1, written + more));
            written += more;
            follower.look();
            while (true) {
                Batch batch = follower.next();
                int fate = random.nextInt(4);
                if (fate == 0) {
                    follower = follower();
                    break;
                }
                store(batch);
                if (fate == 1) {
                    follower = follower();
                    break;
                }
                if (batch.dry()) {
                    follower.idle();
                    store(follower.next());
                    break;
                }
            }
        }
        turn(follower);
        assertThat(steps("a")).isEqualTo(range(1, written));
        assertThat(steps("b")).isEqualTo(range(1, written));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void killedBetweenEventsAndPositions_repeatsTheBatchInDoubtAndLosesNothing(long seed) throws IOException {
        Random random = new Random(seed);
        int kills = 0;
        int written = 0;
        Follower follower = follower();
        while (written < 10_000) {
            int more = 500 + random.nextInt(1_500);
            append("a.log", (written == 0 ? "tiny\n" : "") + lines(written + 1, written + more));
            written += more;
            follower.look();
            Batch batch = follower.next();
            stored.addAll(batch.events());
            if (random.nextBoolean()) {
                kills++;
                follower = follower();
            } else {
                batch.positions().forEach(position -> positions.put(position.key(), position));
            }
        }
        turn(follower);
        assertThat(new HashSet<>(steps("a"))).hasSize(written);
        assertThat(steps("a")).hasSizeBetween(written + 1, written + kills * 1_000);
        assertThat(stored.stream().distinct()).as("repeats are equal events").hasSize(written);
    }

    @Test
    void rotatedFile_isReadToItsEndFirst_andNotSentAgain() throws IOException {
        append("log", "tiny\n" + lines(1, 50));
        Follower follower = follower();
        turn(follower);
        append("log", lines(51, 60));
        Files.move(folder.resolve("log"), folder.resolve("log.1"));
        append("log", "tiny\n" + lines(61, 70));
        turn(follower);
        assertThat(steps()).isEqualTo(range(1, 70));

        pack("log.1", "log.2.gz");
        Files.move(folder.resolve("log"), folder.resolve("log.1"));
        append("log", "tiny\n" + lines(71, 80));
        turn(follower);
        turn(follower());
        assertThat(steps()).isEqualTo(range(1, 80));
        assertThat(runs()).containsExactly(folder.getFileName().toString());
        assertThat(attempts()).containsOnlyNulls();
    }

    @Test
    void rotatedWhileNobodyLooked_isKnownByWhatItHolds() throws IOException {
        append("log", "tiny\n" + lines(1, 50));
        turn(follower());
        append("log", lines(51, 60));
        pack("log", "log.1.gz");
        append("log", "tiny\n" + lines(61, 70));
        turn(follower());
        assertThat(steps()).isEqualTo(range(1, 70));
    }

    @Test
    void rotated_withTheSameBannerInBoth_isToldApartByTheRest() throws IOException {
        String banner = "tiny\n" + "config key value\n".repeat(100);
        append("log", banner + lines(1, 50));
        turn(follower());
        Files.move(folder.resolve("log"), folder.resolve("log.1"));
        append("log", banner + lines(51, 200));
        turn(follower());
        turn(follower());
        assertThat(steps()).isEqualTo(range(1, 200));
    }

    @Test
    void truncatedFile_isANewOne_andWhatGoesBackIsSent() throws IOException {
        append("a.log", "tiny\n" + lines(1, 50));
        Follower follower = follower();
        turn(follower);
        Files.writeString(folder.resolve("a.log"), "tiny\n" + lines(40, 45));
        turn(follower);
        assertThat(steps("a")).isEqualTo(concat(range(1, 50), range(40, 45)));
        assertThat(said).anyMatch(text -> text.contains("truncated or replaced"));
        turn(follower());
        assertThat(steps("a")).hasSize(56);
    }

    @Test
    void packedFile_isRead_andATornOneAsFarAsItGoes() throws IOException {
        append("whole.log", "tiny\n" + lines(1, 3_000));
        pack("whole.log", "whole.log.gz");
        byte[] packed = Files.readAllBytes(folder.resolve("whole.log.gz"));
        Files.delete(folder.resolve("whole.log.gz"));
        append(folder.resolve("torn.log.gz"), Arrays.copyOf(packed, packed.length / 2));
        Follower follower = follower();
        turn(follower);
        int sofar = steps("torn").size();
        assertThat(sofar).isBetween(100, 2_999);
        append(folder.resolve("torn.log.gz"), Arrays.copyOfRange(packed, packed.length / 2, packed.length));
        turn(follower);
        assertThat(steps("torn")).isEqualTo(range(1, 3_000));
    }

    @Test
    void eventFilesOfOneDirectory_areOneRun() throws IOException {
        append("r1/events.out.tfevents.1.h.1.0", "tiny\n" + lines(1, 10));
        append("r1/events.out.tfevents.2.h.1.0", "tiny\n" + lines(8, 20));
        append("r2/events.out.tfevents.1.h.1.0", "tiny\n" + lines(1, 5));
        Follower follower = follower();
        turn(follower);
        append("r1/events.out.tfevents.1.h.1.0", lines(11, 12));
        turn(follower);
        assertThat(runs()).containsExactlyInAnyOrder("r1", "r2");
        assertThat(steps("r1")).isEqualTo(concat(concat(range(1, 10), range(8, 20)), range(11, 12)));
        List<TrainingEvent> before = List.copyOf(stored);
        turn(follower());
        assertThat(stored).isEqualTo(before);
        append("r1/events.out.tfevents.2.h.1.0", lines(21, 22));
        turn(follower());
        assertThat(stored).hasSize(before.size() + 2);
    }

    @Test
    void eventFilesOfTrainAndValidation_areOneRunsSplits() throws IOException {
        append("keras/train/events.out.tfevents.1.h.1.0", "tiny\n" + lines(1, 3));
        append("keras/validation/events.out.tfevents.2.h.1.0", "tiny\n" + lines(2, 3));
        append("t5x/train/events.out.tfevents.1", "tiny\n" + lines(1, 2));
        append("t5x/training_eval/c4/events.out.tfevents.1", "tiny\n" + lines(2, 2));
        append("test/events.out.tfevents.1", "tiny\n" + lines(1, 1));
        Follower follower = follower();
        turn(follower);
        append("keras/train/events.out.tfevents.1.h.1.0", lines(4, 4));
        turn(follower);
        assertThat(losses().stream().map(loss -> loss.run() + " " + loss.split() + " " + loss.step()))
                .containsExactlyInAnyOrder(
                        "keras train 1",
                        "keras train 2",
                        "keras train 3",
                        "keras val 2",
                        "keras val 3",
                        "keras train 4",
                        "t5x train 1",
                        "t5x train 2",
                        "t5x val/c4 2",
                        "test train 1");
        List<TrainingEvent> before = List.copyOf(stored);
        Files.delete(folder.resolve("keras/train/events.out.tfevents.1.h.1.0"));
        turn(follower());
        assertThat(stored).isEqualTo(before);
    }

    @Test
    void rootThatIsCalledTrain_isARunOfItsOwn() throws IOException {
        append("validation/events.out.tfevents.1", "tiny\n" + lines(1, 2));
        FollowOptions options = FollowOptions.of(List.of(folder.resolve("validation")), Tiny.BOTH);
        turn(new Follower(options, false, List.of(), said::add));
        assertThat(losses()).extracting(LossObservation::split).containsOnly("train");
        assertThat(runs()).containsExactly("validation");
    }

    @Test
    void configurationBesideAFile_isItsRunsManifest() throws IOException {
        ManifestSource facts =
                (study, run, values) -> ManifestFacts.from(values).manifest(study, run, null);
        append("a/losses.json", "{\"1\": 3.5, \"2\": 3.25}");
        append("b/losses.json", "{\"1\": 3.5}");
        Path recipe = folder.resolve("a/config.json");
        append(recipe, recipe(1).substring(0, 40).getBytes(UTF_8));
        FollowOptions options = options(facts, GivenManifests.NONE, Formats.ALL);
        Follower follower = new Follower(options, false, List.of(), said::add);
        turn(follower);
        turn(follower);
        assertThat(stored).as("losses do not wait for a file that is cut").hasSize(3);
        Files.writeString(recipe, recipe(1));
        turn(follower);
        Files.writeString(recipe, recipe(1).substring(0, 40));
        turn(follower);
        Files.writeString(recipe, recipe(20));
        turn(follower);
        turn(new Follower(options, false, List.copyOf(positions.values()), said::add));
        assertThat(stored.stream()
                        .filter(RunManifest.class::isInstance)
                        .map(RunManifest.class::cast)
                        .map(manifest -> manifest.run() + " " + manifest.plannedSteps()))
                .containsExactly("a 1", "a 20");
        assertThat(losses()).hasSize(3);
        assertThat(follower.companions()).containsOnlyKeys(recipe.toString());
    }

    private static String recipe(int steps) {
        return "{\"run_id\": \"x\", \"model\": {}, \"optimizer\": {}, \"data\": {}, \"schedule\": {\"total_steps\": "
                + steps + "}}";
    }

    @Test
    void wholeFile_isReadWhenQuiet_andTornWaits() throws IOException {
        Path file = folder.resolve("state.json");
        append(file, ("whole\n" + lines(1, 3)).getBytes(UTF_8));
        Follower follower = follower();
        turn(follower);
        turn(follower);
        assertThat(stored).isEmpty();
        Files.writeString(file, "whole\n" + lines(1, 5) + ".");
        turn(follower);
        assertThat(stored).as("it has just changed").isEmpty();
        turn(follower);
        assertThat(steps("state")).isEqualTo(range(1, 5));
        Files.writeString(file, "whole\n" + lines(1, 9) + ".");
        Follower another = follower();
        turn(another);
        turn(another);
        assertThat(steps("state")).isEqualTo(range(1, 9));
    }

    @Test
    void wholeFile_thatSaysSomethingElse_isSentAgainFromThere() throws IOException {
        Path file = folder.resolve("state.json");
        append(file, ("whole\n" + lines(1, 10) + ".").getBytes(UTF_8));
        Follower follower = follower();
        turn(follower);
        turn(follower);
        Files.writeString(file, "whole\n" + lines(1, 6) + "7 9.5\n8 9.5\n.");
        turn(follower);
        turn(follower);
        assertThat(steps("state")).isEqualTo(concat(range(1, 10), range(7, 8)));
    }

    @Test
    void checkpoints_areStatesOfOneFile() throws IOException {
        append("out/checkpoint-5/trainer_state.json", "whole\n" + lines(1, 5) + ".");
        Follower follower = follower();
        turn(follower);
        turn(follower);
        append("out/checkpoint-10/trainer_state.json", "whole\n" + lines(1, 10) + ".");
        turn(follower);
        turn(follower);
        turn(follower);
        assertThat(steps("out")).isEqualTo(range(1, 10));
    }

    @Test
    void manifestAndEnd_areStoredOnce() throws IOException {
        append("a.log", "tiny\n" + lines(1, 5) + "end\n");
        GivenManifests given = GivenManifests.NONE.with(Map.of("params", 1e9), "--params");
        turn(follower(given));
        turn(follower(given));
        assertThat(stored).hasSize(7);
        assertThat(stored.get(0)).isInstanceOf(RunManifest.class);
        assertThat(stored.get(6)).isInstanceOf(RunEnd.class);
        turn(follower(given.with(Map.of("params", 2e9), "--params")));
        assertThat(stored).hasSize(8);
        assertThat(((RunManifest) stored.get(7)).params()).isEqualTo(2e9);
    }

    @Test
    void killedBetweenManifestAndLoss_stillGivesTheLoss() throws IOException {
        append("a.log", "tiny\nrun a\n" + lines(1, 999) + "run b\n" + lines(1, 5));
        GivenManifests given = GivenManifests.NONE.with(Map.of("params", 1e9), "--params");
        Follower follower = follower(given);
        follower.look();
        Batch first = follower.next();
        assertThat(first.events()).hasSize(1_000);
        store(first);
        turn(follower(given));
        assertThat(steps("a/a")).isEqualTo(range(1, 999));
        assertThat(steps("a/b")).isEqualTo(range(1, 5));
        assertThat(stored).hasSize(999 + 5 + 2);
    }

    @Test
    void links_areFollowedButNotTwiceNorInCircles() throws IOException {
        append("run-1/train.log", "tiny\n" + lines(1, 5));
        Files.createSymbolicLink(folder.resolve("latest"), folder.resolve("run-1"));
        Files.createSymbolicLink(folder.resolve("run-1/circle"), folder);
        turn(follower());
        assertThat(runs()).containsExactly("run-1");
        assertThat(stored).hasSize(5);
    }

    @Test
    void files_thatAreHiddenExcludedOrWeights_arePassedOver() throws IOException {
        append(".hidden/a.log", "tiny\n" + lines(1, 5));
        append("skip/a.log", "tiny\n" + lines(1, 5));
        append("model.pt", "tiny\n" + lines(1, 5));
        append("b.log", "tiny\n" + lines(1, 5));
        append("c.txt", "nothing of ours\n");
        FollowOptions all = FollowOptions.of(List.of(folder), Tiny.BOTH);
        Follower follower = new Follower(
                new FollowOptions(
                        all.roots(),
                        "s",
                        null,
                        all.formats(),
                        null,
                        all.source(),
                        List.of(),
                        List.of("skip/**"),
                        10,
                        all.derived(),
                        all.given()),
                false,
                List.of(),
                said::add);
        turn(follower);
        assertThat(runs()).containsExactly("b");
        assertThat(follower.unrecognised())
                .containsOnlyKeys(folder.resolve("c.txt").toString());
    }

    @Test
    void vanishedFile_isSaidAndComesBack() throws IOException {
        append("a.log", "tiny\n" + lines(1, 5));
        Follower follower = follower();
        turn(follower);
        Files.move(folder.resolve("a.log"), folder.resolveSibling("elsewhere"));
        turn(follower);
        turn(follower);
        assertThat(said).filteredOn(text -> text.endsWith("is gone")).hasSize(1);
        Files.move(folder.resolveSibling("elsewhere"), folder.resolve("a.log"));
        append("a.log", lines(6, 7));
        turn(follower);
        assertThat(steps("a")).isEqualTo(range(1, 7));
    }

    @Test
    void followed_ofAFileWithSeveralRuns_isAboutTheLatest() throws IOException {
        append("a.log", "tiny\nrun x\n" + lines(1, 9) + "run y\n" + lines(1, 2));
        Follower follower = follower();
        turn(follower);
        assertThat(follower.followed()).singleElement().satisfies(followed -> {
            assertThat(followed.runs()).containsExactly("a/x", "a/y");
            assertThat(followed.run()).isEqualTo("a/y");
            assertThat(followed.step()).isEqualTo(2);
            assertThat(followed.sent()).isEqualTo(11);
        });
    }

    @Test
    void file_thatMayNotBeRead_isSaidOnceAndTriedAgain() throws IOException {
        append("a.log", "tiny\n" + lines(1, 5));
        Path file = folder.resolve("a.log");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(Files.isReadable(file), "this user may read every file");
        Follower follower = follower();
        turn(follower);
        turn(follower);
        assertThat(said).filteredOn(text -> text.startsWith("no permission")).hasSize(1);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        turn(follower);
        assertThat(steps("a")).isEqualTo(range(1, 5));
    }

    @Test
    void unreadablePlaces_areCountedAndSaid() throws IOException {
        append("a.log", "tiny\n1 3.0\nbad x\n2 3.0\n-1 3.0\n3 3.0\n");
        Follower follower = follower();
        turn(follower);
        assertThat(steps("a")).isEqualTo(range(1, 3));
        assertThat(follower.followed().get(0).unreadable()).isEqualTo(2);
    }

    private Follower follower() {
        return follower(GivenManifests.NONE);
    }

    private Follower follower(GivenManifests given) {
        return new Follower(
                options(ManifestSource.NONE, given, Tiny.BOTH), false, List.copyOf(positions.values()), said::add);
    }

    private FollowOptions options(ManifestSource derived, GivenManifests given, List<Format> formats) {
        return new FollowOptions(
                List.of(folder),
                "study",
                null,
                formats,
                null,
                SourceOptions.NONE,
                List.of(),
                List.of(),
                1_000,
                derived,
                given);
    }

    /** One look, all that there is, and a pause. */
    private void turn(Follower follower) {
        follower.look();
        drain(follower);
        follower.idle();
        drain(follower);
    }

    private void drain(Follower follower) {
        Batch batch;
        do {
            batch = follower.next();
            store(batch);
        } while (!batch.dry());
    }

    private void store(Batch batch) {
        stored.addAll(batch.events());
        batch.positions().forEach(position -> positions.put(position.key(), position));
    }

    private void append(String name, String text) throws IOException {
        append(folder.resolve(name), text.getBytes(UTF_8));
    }

    private static void append(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void pack(String from, String to) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(Files.readAllBytes(folder.resolve(from)));
        }
        Files.write(folder.resolve(to), packed.toByteArray());
        Files.delete(folder.resolve(from));
    }

    private static String lines(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(step -> step + " " + (10.0 / Math.sqrt(step)) + "\n")
                .collect(Collectors.joining());
    }

    private static List<Long> range(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Long::valueOf).toList();
    }

    private static List<Long> concat(List<Long> first, List<Long> second) {
        List<Long> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    private List<Long> steps(String run) {
        return losses().stream()
                .filter(loss -> loss.run().equals(run))
                .map(LossObservation::step)
                .toList();
    }

    private List<Long> steps() {
        return losses().stream().map(LossObservation::step).toList();
    }

    private List<Integer> attempts() {
        return losses().stream().map(LossObservation::attempt).toList();
    }

    private List<String> runs() {
        return losses().stream().map(LossObservation::run).distinct().toList();
    }

    private List<LossObservation> losses() {
        return stored.stream()
                .filter(LossObservation.class::isInstance)
                .map(LossObservation.class::cast)
                .toList();
    }
}
