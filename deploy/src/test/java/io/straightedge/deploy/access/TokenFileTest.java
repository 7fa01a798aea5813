package io.straightedge.deploy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.straightedge.protocol.access.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokenFileTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path folder;

    private Instant now = NOW;

    @Test
    void text_twice_isNeverTheSameAndHolds256Bits() {
        assertThat(Token.text()).matches("se_[A-Za-z0-9_-]{43}").isNotEqualTo(Token.text());
    }

    @Test
    void line_ofAToken_holdsTheHashAndNotTheText() {
        String text = Token.text();
        Token token = token("job", text, null);
        String line = Tokens.line(token);
        assertThat(line).contains(Token.hash(text)).doesNotContain(text);
        assertThat(Tokens.parse("# of the cluster\n\n" + line + "\r\n").all()).containsExactly(token);
    }

    @Test
    void hash_ofAKnownText_isItsSha256() {
        // FIPS 180-2, appendix B.1.
        assertThat(Token.hash("abc")).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void find_validWrongOrAbsurd_isOnlyTheValid() throws IOException {
        String text = Token.text();
        TokenFile file = file(token("job", text, null));
        assertThat(file.find(text)).isEqualTo(token("job", text, null));
        assertThat(file.find(Token.text())).isNull();
        assertThat(file.find(text.substring(1))).isNull();
        assertThat(file.find(Token.hash(text)))
                .as("the hash itself opens nothing")
                .isNull();
        assertThat(file.find("")).isNull();
        assertThat(file.find("x".repeat(1 << 20))).isNull();
    }

    @Test
    void find_expired_isNothingFromThatInstantOn() throws IOException {
        String text = Token.text();
        TokenFile file = file(token("job", text, NOW.plusSeconds(1)));
        Token found = Objects.requireNonNull(file.find(text));
        now = NOW.plusSeconds(1);
        assertThat(file.find(text)).isNull();
        assertThat(file.still(found)).isNull();
    }

    @Test
    void refresh_changedFile_takesEffectBothWays() throws IOException {
        String first = Token.text();
        String second = Token.text();
        TokenFile file = file(token("first", first, null));
        Files.writeString(folder.resolve("tokens"), Tokens.line(token("second", second, null)));
        assertThat(file.find(second)).isNull();
        file.refresh();
        assertThat(file.find(second)).isNotNull();
        assertThat(file.find(first)).isNull();
        Files.writeString(folder.resolve("tokens"), "# all revoked\n");
        file.refresh();
        assertThat(file.find(second)).isNull();
    }

    @Test
    void refresh_brokenOrMissingFile_keepsWhatWas() throws IOException {
        String text = Token.text();
        TokenFile file = file(token("job", text, null));
        Files.writeString(folder.resolve("tokens"), Tokens.line(token("job", text, null)) + "\n{\"name\":");
        file.refresh();
        assertThat(file.find(text)).isNotNull();
        Files.delete(folder.resolve("tokens"));
        file.refresh();
        assertThat(file.find(text)).isNotNull();
    }

    @Test
    void open_withoutTokens_saysHowToMakeOne() throws IOException {
        Files.writeString(folder.resolve("tokens"), "\n");
        assertThatThrownBy(() -> TokenFile.open(folder.resolve("tokens"), () -> now))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("straightedge token new");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[]|not a JSON object",
                "{\"name\":\"a\"|not JSON",
                "{\"name\":\"a\",\"read\":[\"*\"]}|sha256 is missing",
                "{\"name\":\"a b\",\"sha256\":\"HASH\",\"read\":[\"*\"]}|the name of a token",
                "{\"name\":\"a\",\"sha256\":\"secret\",\"read\":[\"*\"]}|64 hexadecimal",
                "{\"name\":\"a\",\"sha256\":\"HASH\"}|allows nothing",
                "{\"name\":\"a\",\"sha256\":\"HASH\",\"read\":[]}|list of patterns",
                "{\"name\":\"a\",\"sha256\":\"HASH\",\"read\":\"*\"}|list of patterns",
                "{\"name\":\"a\",\"sha256\":\"HASH\",\"read\":[\"a*b\"]}|no pattern of studies",
                "{\"name\":\"a\",\"sha256\":\"HASH\",\"write\":[\"*\"]}|a field that no token has",
                "{\"name\":\"a\",\"sha256\":\"HASH\",\"read\":[\"*\"],\"expires\":\"tomorrow\"}|expires is not a time"
            })
    void parse_brokenLine_isNamedWithItsFault(String line, String fault) {
        String text = "# first\n" + line.replace("HASH", Token.hash("x"));
        assertThatThrownBy(() -> Tokens.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line 2: ")
                .hasMessageContaining(fault);
    }

    @Test
    void parse_twoOfOneName_isRefused() {
        String line = Tokens.line(token("job", "x", null));
        assertThatThrownBy(() -> Tokens.parse(line + "\n" + line)).hasMessageContaining("two tokens named job");
    }

    @Test
    void session_closedExpiredOrTokenGone_isNobody() throws IOException {
        String text = Token.text();
        TokenFile file = file(token("job", text, null));
        Token token = Objects.requireNonNull(file.find(text));
        Sessions sessions = new Sessions(file, () -> now);
        String closed = sessions.open(token);
        String other = sessions.open(token);
        assertThat(sessions.find(closed)).isEqualTo(token);
        sessions.close(closed);
        assertThat(sessions.find(closed)).isNull();
        assertThat(sessions.find(other)).isEqualTo(token);
        now = NOW.plus(Sessions.LASTS);
        assertThat(sessions.find(other)).isNull();
        now = NOW.plus(Duration.ofHours(1));
        assertThat(sessions.find(other)).isEqualTo(token);
        Files.writeString(folder.resolve("tokens"), "# revoked\n");
        file.refresh();
        assertThat(sessions.find(other)).isNull();
    }

    private TokenFile file(Token token) throws IOException {
        Path path = folder.resolve("tokens");
        Files.writeString(path, Tokens.line(token) + "\n");
        return TokenFile.open(path, () -> now);
    }

    private static Token token(String name, String text, @Nullable Instant expires) {
        return new Token(
                name,
                Token.hash(text),
                Map.of(Scope.INGEST, Set.of("proj*", "other"), Scope.READ, Set.of("*")),
                expires);
    }
}
