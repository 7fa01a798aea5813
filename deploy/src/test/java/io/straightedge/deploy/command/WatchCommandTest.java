package io.straightedge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

class WatchCommandTest {

    @TempDir
    Path folder;

    private String runs = "";

    @BeforeEach
    void twoRuns() throws Exception {
        Path directory = Files.createDirectories(folder.resolve("runs/a"));
        Files.writeString(directory.resolve("train.log"), "lines\nsteps=100\n1 10.5\n2 9.25\n3 8.");
        Files.writeString(folder.resolve("runs/b.log"), "lines\n7 3.5 700\n");
        Files.writeString(folder.resolve("runs/notes.txt"), "buy milk\n");
        runs = folder.resolve("runs").toString();
    }

    @Test
    void dryRun_saysWhatWouldBeSent_andNeedsNoKafka() {
        CommandLineRun run = watch(runs, "--dry-run", "--tokens-per-step", "512k");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("a/train.log: lines (says so in its first line), 2 losses, at the end a line without its end")
                .contains("run a of study runs: 2 of train")
                .contains("from step 1 with train 10.5 to step 2 with train 9.25")
                .contains("plannedSteps = 100")
                .contains("tokensPerStep = 512000.0  (--tokens-per-step)")
                .contains("run b of study runs: 1 of train")
                .contains("step 7 (700 tokens)")
                .contains("notes.txt: not recognised, like none of the formats that are known");
    }

    @Test
    void dryRun_forScripts_isOneObjectALine() throws Exception {
        CommandLineRun run = watch(runs, "--dry-run", "--json", "--study", "s");
        List<JsonNode> lines = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            lines.add(Json.tree(line.getBytes(StandardCharsets.UTF_8)));
        }
        JsonNode a = lines.stream()
                .filter(line -> line.path("run").asText().equals("a"))
                .findFirst()
                .orElseThrow();
        assertThat(a.at("/first/study").asText()).isEqualTo("s");
        assertThat(a.at("/losses/train").asInt()).isEqualTo(2);
        assertThat(a.at("/manifest/plannedSteps").asInt()).isEqualTo(100);
    }

    @Test
    void dryRun_withoutTokensPerStep_saysWhichOptionsWouldHelp() {
        assertThat(watch(runs, "--dry-run").out())
                .contains("give --tokens-per-step (batch size times sequence length), --params or --manifest")
                .contains("give --planned-steps, --params or --manifest");
    }

    @Test
    void dryRun_withAManifestFile_takesItByNameAndGlob() throws Exception {
        Path manifest = folder.resolve("m.yaml");
        Files.writeString(manifest, """
                tokensPerStep: 1024
                runs:
                  a: {params: 1e8, schedule: {kind: cosine, warmupSteps: 10}}
                  "?": {vocabularySize: 50304}
                """);
        CommandLineRun run = watch(runs, "--dry-run", "--manifest", manifest.toString());
        assertThat(run.out())
                .contains("params = 1.0E8  (" + manifest + ")")
                .contains("\"kind\":\"cosine\"")
                .containsIgnoringCase("vocabularySize = 50304");
    }

    @Test
    void gateway_getsEachLossOnce_howeverOftenTheCommandIsRun() throws Exception {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.post(
                        "/v1/events",
                        (request, response) -> request.receive()
                                .aggregate()
                                .asString()
                                .doOnNext(body -> lines.addAll(body.lines().toList()))
                                .then(response.sendString(Mono.just("{\"accepted\":1}"))
                                        .then())))
                .bindNow();
        try {
            String[] command = {
                runs,
                "--once",
                "--to",
                "http://127.0.0.1:" + server.port(),
                "--state",
                folder.resolve("state").toString()
            };
            CommandLineRun first = watch(command);
            assertThat(first.exit()).as(first.err()).isZero();
            assertThat(first.out()).contains("sent 4 events of 2 sources");
            Files.writeString(folder.resolve("runs/b.log"), "8 3.25 800\n", StandardOpenOption.APPEND);
            assertThat(watch(command).out()).contains("sent 1 events of 2 sources");
            assertThat(watch(command).out()).contains("sent 0 events of 2 sources");
        } finally {
            server.disposeNow();
        }
        assertThat(lines).hasSize(5).last().asString().contains("\"step\":8");
    }

    @Test
    void nothingRecognised_listsTheFilesAndWhyNot() {
        CommandLineRun run = watch(folder.resolve("runs/notes.txt").toString(), "--dry-run");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err())
                .contains("no file was recognised:")
                .contains("notes.txt: like none of the formats that are known")
                .contains("--pattern");
    }

    @Test
    void wrongCommandLines_sayWhatIsWrong() {
        assertWrong(
                "there is no file or directory " + folder.resolve("none"),
                folder.resolve("none").toString());
        assertWrong("no format is called nanogpt: there are lines", runs, "--format", "nanogpt");
        assertWrong("--pattern needs the groups", runs, "--pattern", "step (\\d+)");
        assertWrong("--pattern is no regular expression", runs, "--pattern", "(?<step>.(?<loss>.");
        assertWrong("--tokens-per-step", runs, "--tokens-per-step");
        assertWrong("many is no number", runs, "--params", "many");
        assertWrong("schedule.kind cosin is not known", runs, "--schedule", "cosin");
        assertWrong("warm=3 is not one of", runs, "--schedule", "cosine:warm=3");
        assertWrong("wsd needs it", runs, "--schedule", "wsd:warmup=3");
        assertWrong("--poll is 0.0", runs, "--poll", "0");
        assertWrong("not both", runs, "--to", "http://127.0.0.1:1", "-b", "127.0.0.1:1");
        assertWrong(
                "is no gateway",
                runs,
                "--to",
                "ftp://127.0.0.1:1",
                "--state",
                folder.resolve("s").toString());
    }

    @Test
    void help_hasExamples() {
        assertThat(new CommandLine(new WatchCommand()).getUsageMessage())
                .contains("straightedge watch runs/ --dry-run");
    }

    private void assertWrong(String message, String... arguments) {
        CommandLineRun run = watch(arguments);
        assertThat(run.exit()).as(message).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }

    private static CommandLineRun watch(String... arguments) {
        List<String> all = new ArrayList<>(List.of("watch-lines"));
        all.addAll(List.of(arguments));
        return CommandLineRun.of(WatchMain::line, all.toArray(String[]::new));
    }
}
