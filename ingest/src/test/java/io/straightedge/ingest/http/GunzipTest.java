package io.straightedge.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

final class GunzipTest {

    private static final int MAX_BYTES = 8 << 20;
    private static final int MAX_RATIO = 100;

    @Test
    void inflate_bombOfAThousandToOne_allocatesLessThanTwoMebibytes() throws IOException {
        byte[] bomb = gzip(new byte[512 << 20]);
        assertThat(bomb.length).as("compressed").isBetween(256 << 10, 1 << 20);
        refused(bomb); // loads the classes
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        refused(bomb);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).isLessThan(2 << 20);
        assertThatThrownBy(() -> Gunzip.inflate(bomb, MAX_BYTES, MAX_RATIO))
                .asInstanceOf(type(Gunzip.TooLargeException.class))
                .satisfies(refusal -> assertThat(refusal.inflatedBytes()).isLessThan(256 << 10));
    }

    @Test
    void inflate_bombBehindHonestBytes_isRefusedSoonAfterItBegins() throws IOException {
        byte[] honest = new byte[16 << 10];
        new Random(7).nextBytes(honest);
        byte[] bomb = gzip(Arrays.copyOf(honest, 256 << 20));
        assertThatThrownBy(() -> Gunzip.inflate(bomb, MAX_BYTES, MAX_RATIO))
                .asInstanceOf(type(Gunzip.TooLargeException.class))
                .satisfies(refusal -> assertThat(refusal.inflatedBytes()).isLessThan(2 << 20));
    }

    @Test
    void inflate_linesOfLosses_comeBackWhole() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int step = 0; lines.length() < 4 << 20; step++) {
            lines.append("{\"type\":\"loss\",\"study\":\"s\",\"run\":\"r\",\"step\":")
                    .append(step)
                    .append(",\"loss\":")
                    .append(2 + 3.0 / (step + 1))
                    .append("}\n");
        }
        byte[] body = lines.toString().getBytes(StandardCharsets.UTF_8);
        assertThat(Gunzip.inflate(gzip(body), MAX_BYTES, MAX_RATIO)).isEqualTo(body);
    }

    @Test
    void inflate_smallAndUniform_passesWhateverItsRatio() throws IOException {
        byte[] body = new byte[60 << 10];
        assertThat(Gunzip.inflate(gzip(body), MAX_BYTES, MAX_RATIO)).isEqualTo(body);
    }

    @Test
    void inflate_moreThanTheWholeMayHold_isRefused() throws IOException {
        byte[] body = new byte[3 << 10];
        new Random(7).nextBytes(body);
        byte[] compressed = gzip(body);
        assertThatThrownBy(() -> Gunzip.inflate(compressed, 1 << 10, MAX_RATIO))
                .isInstanceOf(Gunzip.TooLargeException.class)
                .hasMessageContaining("1024 bytes");
    }

    @Test
    void inflate_cutAnywhere_isNeverTaken() throws IOException {
        byte[] compressed = gzip("{\"type\":\"loss\"}".getBytes(StandardCharsets.UTF_8));
        for (int length = 0; length < compressed.length; length++) {
            byte[] cut = Arrays.copyOf(compressed, length);
            assertThatThrownBy(() -> Gunzip.inflate(cut, MAX_BYTES, MAX_RATIO)).isInstanceOf(IOException.class);
        }
    }

    private static void refused(byte[] bomb) {
        try {
            Gunzip.inflate(bomb, MAX_BYTES, MAX_RATIO);
            throw new AssertionError("the bomb was inflated");
        } catch (IOException e) {
            assertThat(e).isInstanceOf(Gunzip.TooLargeException.class);
        }
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body);
        }
        return bytes.toByteArray();
    }
}
