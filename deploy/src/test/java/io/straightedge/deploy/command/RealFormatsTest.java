package io.straightedge.deploy.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.straightedge.protocol.codec.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Original files of many trainers: what a dry run finds in them against counts made without its readers. */
class RealFormatsTest {

    @Test
    void dryRun_recognisesEveryFile_andCountsItsLosses() throws Exception {
        Path folder = Path.of(System.getProperty("straightedge.data", "../../shared/data"), "formats")
                .toAbsolutePath()
                .normalize();
        Assumptions.assumeTrue(Files.exists(folder), "skipped: the real files are not at " + folder);
        CommandLineRun run = CommandLineRun.of("watch", folder.toString(), "--dry-run", "--json");
        assertThat(run.exit()).as(run.err()).isZero();
        Map<String, Long> losses = new HashMap<>();
        List<String> companions = new ArrayList<>();
        Map<String, JsonNode> manifests = new HashMap<>();
        for (String line : run.out().lines().toList()) {
            JsonNode said = Json.tree(line.getBytes(UTF_8));
            assertThat(said.path("notRecognised").asText()).as(line).isEmpty();
            if (said.has("manifest")) {
                manifests.put(said.path("run").asText(), said.path("manifest"));
            } else if (said.has("losses")) {
                assertThat(said.path("unreadable").asInt()).as(line).isZero();
                losses.put(said.path("file").asText(), said.path("losses").asLong());
            } else {
                companions.add(said.path("file").asText());
            }
        }
        Map<String, Long> expected = expected(folder);
        assertThat(losses).isEqualTo(expected);
        assertThat(companions).hasSize(2).allMatch(path -> path.endsWith("config.json"));
        JsonNode marin =
                manifests.getOrDefault("losscast/ncpl_marin_baseline-adam-130m-wd0.4-step", MissingNode.getInstance());
        assertThat(marin.path("params").asDouble()).isEqualTo(130e6);
        assertThat(marin.path("tokensPerStep").asDouble()).isEqualTo(262_144);
        assertThat(marin.path("plannedSteps").asLong()).isEqualTo(5_119);
        assertThat(marin.at("/schedule/kind").asText()).isEqualTo("cosine");
    }

    private static Map<String, Long> expected(Path folder) throws Exception {
        Map<String, Long> expected = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith("trainer_state.json")) {
                    expected.put(file.toString(), trainerState(file));
                } else if (name.equals("losses.json")) {
                    expected.put(file.toString(), (long)
                            Json.tree(Files.readAllBytes(file)).size());
                } else if (name.startsWith("wandb_export")) {
                    expected.put(file.toString(), cells(file, "train/loss|lm loss"));
                } else if (name.equals("lightning_metrics.csv")) {
                    expected.put(file.toString(), cells(file, "train_loss_step"));
                }
            }
        }
        // By a walk over the files' records in another language.
        expected.put(folder.resolve("tensorboard_simple_value").toString(), 17L);
        expected.put(folder.resolve("tensorboard_tensor_v2").toString(), 17L + 2 + 89 + 52);
        return expected;
    }

    private static long trainerState(Path file) throws Exception {
        long rows = 0;
        for (JsonNode row : Json.tree(Files.readAllBytes(file)).path("log_history")) {
            rows += row.has("loss") ? 1 : 0;
            rows += row.has("eval_loss") ? 1 : 0;
        }
        return rows;
    }

    /** Cells that hold something in the columns whose name ends so; none of these files has a comma within a cell. */
    private static long cells(Path file, String ending) throws Exception {
        List<String> lines = Files.readAllLines(file);
        String[] header = lines.get(0).replace("\"", "").split(",", -1);
        long filled = 0;
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.replace("\"", "").split(",", -1);
            for (int i = 0; i < cells.length; i++) {
                filled += header[i].matches("(?:.* - )?(?:" + ending + ")") && !cells[i].isBlank() ? 1 : 0;
            }
        }
        return filled;
    }
}
