package io.straightedge.publisher.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class InertTest {

    @Test
    void text_linesEscapesAndTurnsOfDirection_becomeSpaces() {
        List<String> harmful = List.of(
                "\r", "\n", "\t", "\u0000", "\u001b", "\u0085", "\u2028", "\u2029", "\u202e", "\u2066", "\u200b",
                "\ufeff", "\ud800", "\u007f");
        for (String character : harmful) {
            assertThat(Inert.text("a" + character + "b", 10)).isEqualTo("a b");
        }
        assertThat(Inert.text("Größe 模型 🚀", 20)).isEqualTo("Größe 模型 🚀");
    }

    @Test
    void text_tooLong_isCutBetweenCharacters() {
        Map<Integer, String> cuts = Map.of(4, "ab🚀", 5, "ab🚀c", 3, "ab…", 2, "a…");
        cuts.forEach((most, cut) -> assertThat(Inert.text(most == 4 ? "ab🚀" : "ab🚀c", most))
                .as("at most %s", most)
                .isEqualTo(cut)
                .hasSizeLessThanOrEqualTo(most));
        assertThat(Inert.text("x".repeat(1000), 200)).hasSize(200).endsWith("x…");
    }
}
