package io.straightedge.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class NotStoredTest {

    @Test
    void because_thousandRequestsInAMinute_isSevenLines() {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(30).toNanos());
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            NotStored notStored = new NotStored(LoggerFactory.getLogger("not-stored"), "Events", now::get);
            for (int i = 0; i <= 1_000; i++) {
                notStored.because(new IllegalStateException("away"));
                now.addAndGet(Duration.ofMillis(60).toNanos());
            }
        } finally {
            System.setErr(before);
        }
        String text = said.toString(StandardCharsets.UTF_8);
        assertThat(text.lines()).hasSizeBetween(6, 7).first().asString().contains("1 request(s)", "away");
        assertThat(text).contains("167 request(s)");
    }
}
