package io.straightedge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.deploy.access.Token;
import io.straightedge.deploy.access.TokenFile;
import io.straightedge.protocol.access.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokenCommandTest {

    @TempDir
    private Path folder;

    @Test
    void new_withFile_keepsTheHashThereAndPrintsTheTokenOnce() throws IOException {
        Path file = folder.resolve("tokens");
        CommandLineRun made = CommandLineRun.of(
                "token", "new", "--name", "cluster-a", "--ingest", "proj*,other", "--read", "*", "--file", file + "");
        assertThat(made.exit()).isZero();
        String token = made.out().strip();
        assertThat(token).startsWith("se_").doesNotContain("\n");
        assertThat(Files.readString(file)).doesNotContain(token).endsWith("}\n");
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        CommandLineRun second = CommandLineRun.of("token", "new", "--name", "b", "--admin", "*", "--file", file + "");
        assertThat(second.exit()).isZero();

        Token found = Objects.requireNonNull(
                TokenFile.open(file, InstantSource.system()).find(token));
        assertThat(found.caller().may(Scope.INGEST, "project-1")).isTrue();
        assertThat(found.caller().may(Scope.INGEST, "other")).isTrue();
        assertThat(found.caller().may(Scope.INGEST, "else")).isFalse();
        assertThat(found.caller().mayEverywhere(Scope.READ)).isTrue();
        assertThat(found.caller().has(Scope.ADMIN)).isFalse();

        CommandLineRun list = CommandLineRun.of("token", "list", "--file", file + "");
        assertThat(list.out())
                .contains("cluster-a  ingest other,proj*  read *  never ends", "b  admin *  never ends")
                .doesNotContain(token);
    }

    @Test
    void new_withoutFile_printsTheLineBesideTheToken() {
        CommandLineRun made = CommandLineRun.of(
                "token", "new", "--name", "grace", "--read", "*", "--expires", "2127-01-01T00:00:00Z");
        assertThat(made.exit()).isZero();
        assertThat(made.err()).contains("\"name\":\"grace\"", "2127-01-01T00:00:00Z");
        assertThat(made.err()).doesNotContain(made.out().strip());
    }

    @Test
    void new_nameThatIsTaken_leavesTheFileAlone() throws IOException {
        Path file = folder.resolve("tokens");
        CommandLineRun.of("token", "new", "--name", "a", "--read", "*", "--file", file + "");
        String before = Files.readString(file);
        CommandLineRun again = CommandLineRun.of("token", "new", "--name", "a", "--read", "*", "--file", file + "");
        assertThat(again.exit()).isEqualTo(2);
        assertThat(again.err()).contains("holds a token named a already");
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "--name a, --ingest STUDY",
        "--name a --read * --expires tomorrow, is no time: give one such as",
        "--name a --read * --expires 2020-01-31, ended already",
        "--name a --read x*y, no pattern",
        "--name a/b --read *, the name of a token"
    })
    void new_absurd_saysWhatIsWrong(String arguments, String fault) {
        CommandLineRun made = CommandLineRun.of(("token new " + arguments).split(" "));
        assertThat(made.exit()).isEqualTo(2);
        assertThat(made.err()).contains(fault);
        assertThat(made.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--http-host 0.0.0.0, --tokens FILE",
        "--http-host 0.0.0.0 --tokens tokens, --tls-cert",
        "--tls-cert a.pem, go together",
        "--tls-client-ca a.pem, needs --tls-cert",
        "--behind-proxy, needs --tokens",
        "--max-connections 0, number of connections",
        "--points-per-second -1, points per second"
    })
    void up_unsafeOrHalfGiven_isRefusedBeforeAnythingStarts(String arguments, String fault) {
        CommandLineRun refused = CommandLineRun.of(("up " + arguments).split(" "));
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err()).contains(fault);
    }

    @ParameterizedTest
    @CsvSource({
        "--tokens nowhere, no file nowhere",
        "--tokens ., is a folder",
        "--tls-cert nowhere.pem --tls-key k.pem, no file nowhere.pem"
    })
    void up_filesThatCannotBeRead_failsBeforeAnythingStarts(String arguments, String fault) {
        CommandLineRun failed = CommandLineRun.of(("up --data " + folder + "/data " + arguments).split(" "));
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.err()).contains(fault);
        assertThat(folder.resolve("data")).doesNotExist();
    }
}
