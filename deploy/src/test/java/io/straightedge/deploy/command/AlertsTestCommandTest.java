package io.straightedge.deploy.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

final class AlertsTestCommandTest {

    @TempDir
    Path folder;

    private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    private DisposableServer server;

    @BeforeEach
    void open() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asString(UTF_8)
                        .doOnNext(bodies::add)
                        .then(response.status(request.uri().contains("bad") ? 403 : 200)
                                .send()
                                .then()))
                .bindNow();
    }

    @AfterEach
    void close() {
        server.disposeNow(Duration.ofSeconds(2));
    }

    private Path rules(String path) throws Exception {
        Files.writeString(folder.resolve("key"), "a secret key");
        return Files.writeString(
                folder.resolve("rules.yaml"), """
                sinks:
                  - name: good
                    kind: alertmanager
                    url: http://127.0.0.1:%d
                    allow-http: true
                    allow-private: [127.0.0.0/8]
                  - name: hook
                    kind: webhook
                    url: http://127.0.0.1:%d%s
                    secrets: [%s]
                    allow-http: true
                    allow-private: [127.0.0.0/8]
                """.formatted(server.port(), server.port(), path, folder.resolve("key")));
    }

    @Test
    void test_sinksThatTakeIt_endsWithZero() throws Exception {
        CommandLineRun run =
                CommandLineRun.of("alerts", "test", "--rules", rules("/x").toString(), "--json");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(6).allMatch(line -> line.contains("\"taken\":true"));
        assertThat(new CommandLineRun(0, lines.get(0), "").json())
                .containsEntry("sink", "good")
                .containsEntry("state", "firing")
                .containsEntry("status", 200);
        assertThat(bodies).hasSize(4).allMatch(body -> body.contains("nothing is wrong"));
        assertThat(bodies).filteredOn(body -> body.contains("the test is over")).hasSize(2);
    }

    @Test
    void test_sinkThatRefuses_endsWithOne() throws Exception {
        CommandLineRun run =
                CommandLineRun.of("alerts", "test", "--rules", rules("/bad").toString(), "--sink", "hook");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("hook").contains("NOT TAKEN  status 403").doesNotContain("good");
        assertThat(bodies).hasSize(1);
    }

    @Test
    void test_sinkThatIsNotThere_saysWhyAndEndsWithOne() throws Exception {
        Path rules = rules("/x");
        server.disposeNow(Duration.ofSeconds(2));
        CommandLineRun run = CommandLineRun.of("alerts", "test", "--rules", rules.toString(), "--sink", "good");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("no answer: ").contains("refused");
    }

    @Test
    void test_addressNotPublic_isNotConnectedTo() throws Exception {
        Path rules = rules("/x");
        Files.writeString(rules, Files.readString(rules).replaceAll(".*allow-private.*\n", ""));
        CommandLineRun run = CommandLineRun.of("alerts", "test", "--rules", rules.toString(), "--sink", "good");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("not public");
        assertThat(bodies).isEmpty();
    }

    @Test
    void test_wrongCommandLine_endsWithTwo() throws Exception {
        assertThat(CommandLineRun.of("alerts").exit()).isEqualTo(2);
        assertThat(CommandLineRun.of("alerts", "test", "--sink", "nobody").err())
                .contains("there is no sink 'nobody'; there are: log");
        Path file = Files.writeString(folder.resolve("wrong.yaml"), "sinks: [{name: a, kind: mail}]");
        CommandLineRun run = CommandLineRun.of("alerts", "test", "--rules", file.toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("1:25");
    }
}
