package io.straightedge.deploy.backtest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads for the time of one piece of work. */
public final class Workers {

    private Workers() {}

    /** Does all tasks and gives their results in order. */
    public static <T> List<T> run(int threads, List<? extends Callable<T>> tasks) {
        ExecutorService workers = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "straightedge-backtest");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<T>> futures = new ArrayList<>();
            tasks.forEach(task -> futures.add(workers.submit(task)));
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the back-test was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a run could not be tested: " + e.getCause(), e);
        } finally {
            workers.shutdownNow();
        }
    }
}
