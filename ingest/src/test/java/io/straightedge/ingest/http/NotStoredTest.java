package io.straightedge.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class NotStoredTest {

    @Test
    void because_thousandRequestsInAMinute_isSevenLines() {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(30).toNanos());
        List<String> said = new ArrayList<>();
        NotStored notStored = new NotStored(said::add, "Events", now::get);
        for (int i = 0; i <= 1_000; i++) {
            notStored.because(new IllegalStateException("away"));
            now.addAndGet(Duration.ofMillis(60).toNanos());
        }
        assertThat(said).hasSizeBetween(6, 7).first().asString().contains("1 request(s)", "away");
        assertThat(said.get(1)).contains("167 request(s)");
    }
}
