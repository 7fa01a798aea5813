package io.straightedge.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.ScheduleKind;
import io.straightedge.protocol.run.TrainingEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Runs {@code examples/straightedge_callback.py} with the machine's Python against a stand-in for the gateway. */
@Timeout(60)
final class CallbackTest {

    private static final Path EXAMPLES = Path.of("..", "examples");

    @TempDir
    Path folder;

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();

    /** Debian's own where there is one; else what the path has. */
    private static final String PYTHON =
            Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";

    private record Ran(int exit, String out, String err) {}

    @BeforeEach
    void pythonIsThere() throws Exception {
        boolean there;
        try {
            there = new ProcessBuilder(PYTHON, "--version").start().waitFor() == 0;
        } catch (java.io.IOException e) {
            there = false;
        }
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            assertThat(there).as("there is a python3").isTrue();
        }
        Assumptions.assumeTrue(there, "there is no python3 on this machine");
    }

    @Test
    void loop_sendsEachLossOnceAndInOrder_throughABusyGateway() throws Exception {
        DisposableServer gateway = gateway(2);
        try {
            Ran ran = python(gateway.port(), """
                    s = Straightedge(URL, study="ladder", run="190M", token="secret", params=190e6, plannedSteps=7200,
                                     tokensPerStep=524288, schedule={"kind": "cosine", "warmupSteps": 200})
                    for step in range(1, 2501):
                        s.log(step, 10 / step ** 0.5, lr=3e-4, grad_norm=0.5, tokens=step * 524288)
                    s.log(2501, float("nan"))
                    s.log(2501, 3.25, split="val")
                    s.log("no step", 3.25)
                    s.end("finished")
                    s.close(20)
                    print(s.sent, s.dropped, s.rejected)
                    """);
            assertThat(ran.err()).isEmpty();
            assertThat(ran.out()).isEqualTo("2504 1 0\n");
        } finally {
            gateway.disposeNow();
        }
        List<TrainingEvent> events = events();
        assertThat(events).hasSize(2504);
        RunManifest manifest = (RunManifest) events.get(0);
        assertThat(manifest.study()).isEqualTo("ladder");
        assertThat(manifest.plannedSteps()).isEqualTo(7200);
        List<LossObservation> losses = losses(events);
        assertThat(losses.subList(0, 2500))
                .extracting(LossObservation::step)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 2500).boxed().toList());
        assertThat(losses.get(0).lr()).isEqualTo(3e-4);
        assertThat(losses.get(0).gradNorm()).isEqualTo(.5);
        assertThat(losses.get(1).tokens()).isEqualTo(2 * 524_288.0);
        assertThat(losses.get(2500).loss()).isNaN();
        assertThat(losses.get(2501).split()).isEqualTo("val");
        assertThat(((RunEnd) events.get(2503)).outcome()).isEqualTo(Outcome.FINISHED);
        assertThat(tokens).containsOnly("Bearer secret");
        assertThat(requests.get()).as("batches, and two that were refused").isBetween(3 + 2, 100);
    }

    @Test
    void gatewayAway_costsTheLoopNothing_andSaysNothing() throws Exception {
        long began = System.nanoTime();
        Ran ran = python(1, """
                import time
                s = Straightedge(URL, study="s", run="r")
                began = time.monotonic()
                for step in range(5000):
                    s.log(step, 3.0)
                took = time.monotonic() - began
                for step in range(15000):
                    s.log(step, 3.0)
                print(took < 1.0, s.dropped >= 9000, s.sent)
                """);
        assertThat(ran.out()).isEqualTo("True True 0\n");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.exit()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void manifest_outlivesAFullQueue() throws Exception {
        DisposableServer gateway = gateway(3);
        try {
            Ran ran = python(gateway.port(), """
                    s = Straightedge(URL, study="s", run="r")
                    for step in range(30000):
                        s.log(step, 3.0)
                    s.manifest(params=1e9)
                    for step in range(30000):
                        s.log(step, 3.0)
                    s.close(20)
                    """);
            assertThat(ran.err()).isEmpty();
        } finally {
            gateway.disposeNow();
        }
        assertThat(events()).filteredOn(RunManifest.class::isInstance).hasSize(1);
    }

    @Test
    void hfCallback_isCalledLikeATrainerCallback() throws Exception {
        DisposableServer gateway = gateway(0);
        try {
            Ran ran = python(gateway.port(), """
                    from types import SimpleNamespace as N
                    c = HfCallback(URL, study="s", run="r", tokensPerStep=1024)
                    args = N(lr_scheduler_type=N(value="cosine"), learning_rate=3e-4, warmup_steps=10)
                    state = N(max_steps=100, global_step=0, is_world_process_zero=True)
                    model = N(parameters=lambda: [N(numel=lambda: 1000), N(numel=lambda: 24)])
                    c.on_init_end(args, state, None)
                    c.on_train_begin(args, state, None, model=model)
                    for state.global_step in range(10, 101, 10):
                        c.on_step_end(args, state, None)
                        c.on_log(args, state, None, logs={"loss": 3.0, "learning_rate": 1e-4, "grad_norm": 0.1, "epoch": 1})
                    c.on_log(args, state, None, logs={"eval_loss": 2.5, "eval_c4_loss": 2.75, "eval_runtime": 1.0})
                    c.on_log(args, state, None, logs={"train_loss": 9.0, "train_runtime": 1.0})
                    c.on_train_end(args, state, None)
                    c._straightedge.close(20)
                    """);
            assertThat(ran.err()).isEmpty();
        } finally {
            gateway.disposeNow();
        }
        List<TrainingEvent> events = events();
        RunManifest manifest = (RunManifest) events.get(0);
        assertThat(manifest.params()).isEqualTo(1024);
        assertThat(manifest.plannedSteps()).isEqualTo(100);
        assertThat(manifest.tokensPerStep()).isEqualTo(1024);
        assertThat(manifest.schedule())
                .isNotNull()
                .satisfies(schedule -> assertThat(schedule.kind()).isEqualTo(ScheduleKind.COSINE));
        List<LossObservation> losses = losses(events);
        assertThat(losses).hasSize(12);
        assertThat(losses.subList(10, 12)).extracting(LossObservation::split).containsExactly("val", "val/c4");
        assertThat(events.get(events.size() - 1)).isInstanceOf(RunEnd.class);
    }

    /** Refuses so many requests before it takes any. */
    private DisposableServer gateway(int refused) {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.post("/v1/events", (request, response) -> {
                    tokens.add(request.requestHeaders().get("Authorization", ""));
                    return request.receive().aggregate().asString().flatMap(body -> {
                        if (requests.incrementAndGet() <= refused) {
                            return response.status(503)
                                    .header("Retry-After", "0")
                                    .send();
                        }
                        lines.addAll(body.lines().toList());
                        return response.sendString(Mono.just("{\"accepted\":1}"))
                                .then();
                    });
                }))
                .bindNow();
    }

    private Ran python(int port, String script) throws Exception {
        Path file = folder.resolve("script.py");
        Files.writeString(
                file,
                "from straightedge_callback import Straightedge, HfCallback\nURL = \"http://127.0.0.1:" + port + "\"\n"
                        + script);
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(PYTHON, file.toString());
        builder.environment().put("PYTHONPATH", EXAMPLES.toAbsolutePath().toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment().remove("STRAIGHTEDGE_TOKEN");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        if (!process.waitFor(40, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the script did not end; it said " + Files.readString(err));
        }
        return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private List<TrainingEvent> events() throws Exception {
        List<TrainingEvent> events = new ArrayList<>();
        for (String line : lines) {
            events.add(Json.event(Json.tree(line.getBytes(UTF_8))));
        }
        return events;
    }

    private static List<LossObservation> losses(List<TrainingEvent> events) {
        return events.stream()
                .filter(LossObservation.class::isInstance)
                .map(LossObservation.class::cast)
                .toList();
    }
}
