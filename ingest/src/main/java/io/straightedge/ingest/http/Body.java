package io.straightedge.ingest.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Collects and inflates a request body within limits. */
public final class Body {

    /** So many times the limit are read before the connection is cut. */
    private static final long READ_AND_DROPPED = 16;

    private Body() {}

    /**
     * All bytes, or a refusal: 413 when too many, 408 when too slow.
     *
     * <p>A body that is somewhat too large is read to its end and dropped: a client whose connection is cut while it
     * sends never sees the answer.
     */
    public static Mono<byte[]> collect(Flux<byte[]> chunks, Limits limits) {
        return chunks.reduceWith(() -> new Collected(limits), Collected::add)
                .map(Collected::bytes)
                .timeout(
                        limits.bodyDeadline(),
                        Mono.error(() -> new Refusal(
                                408,
                                "the body took longer than "
                                        + limits.bodyDeadline().toMillis() + " ms")));
    }

    /** Reads and drops a body that is refused for its headers, as far as {@link #collect} would. */
    static Mono<Void> drop(Flux<byte[]> chunks, Limits limits) {
        return collect(chunks, limits).then().onErrorComplete();
    }

    private static final class Collected {
        private final Limits limits;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private long total;

        Collected(Limits limits) {
            this.limits = limits;
        }

        Collected add(byte[] chunk) {
            total += chunk.length;
            if (total > READ_AND_DROPPED * limits.bodyBytes()) {
                throw tooLarge(limits);
            }
            if (total <= limits.bodyBytes()) {
                kept.writeBytes(chunk);
            }
            return this;
        }

        byte[] bytes() {
            if (total > limits.bodyBytes()) {
                throw tooLarge(limits);
            }
            return kept.toByteArray();
        }
    }

    static Refusal tooLarge(Limits limits) {
        return new Refusal(413, "the body has more than " + limits.bodyBytes() + " bytes");
    }

    /** The inflated bytes of a gzip body; a bomb is refused after some 100 KiB, whatever it would come to. */
    public static byte[] inflate(byte[] compressed, Limits limits) {
        try {
            return Gunzip.inflate(compressed, limits.inflatedBytes(), limits.inflationRatio());
        } catch (Gunzip.TooLargeException e) {
            throw new Refusal(413, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new Refusal(400, "the body is not gzip");
        }
    }
}
