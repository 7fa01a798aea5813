package io.straightedge.deploy.offline;

import io.straightedge.fitter.law.Bootstrap;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The draws of a bootstrap, made on as many threads as there are processors; the same whatever their number. */
final class Resamples {

    private static final String THREADS = "straightedge-resample";
    /** Draws that a thread takes at a time: a draw lasts a fraction of a millisecond. */
    private static final int CHUNK = 32;

    private Resamples() {}

    /**
     * Theta of each draw that has a law, in the order of the draws. Blocks.
     *
     * @param reached is told how many draws are done, on whichever thread
     */
    static List<double[]> of(Bootstrap bootstrap, int draws, LongConsumer reached) {
        int threads = Runtime.getRuntime().availableProcessors();
        double[] @Nullable [] thetas = new double[draws][];
        AtomicLong done = new AtomicLong();
        Scheduler scheduler = Schedulers.newParallel(THREADS, threads, true);
        try {
            Flux.range(0, (draws + CHUNK - 1) / CHUNK)
                    .parallel(threads)
                    .runOn(scheduler, 1)
                    .doOnNext(chunk -> {
                        int end = Math.min(draws, (chunk + 1) * CHUNK);
                        for (int i = chunk * CHUNK; i < end; i++) {
                            thetas[i] = bootstrap.draw(i);
                        }
                        reached.accept(done.addAndGet(end - chunk * CHUNK));
                    })
                    .sequential()
                    .then()
                    .block();
        } finally {
            scheduler.dispose();
        }
        return Arrays.stream(thetas).filter(Objects::nonNull).toList();
    }
}
