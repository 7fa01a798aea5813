package io.straightedge.deploy.watch;

import io.straightedge.ingest.watch.Batch;
import io.straightedge.ingest.watch.Followed;
import io.straightedge.ingest.watch.Follower;
import io.straightedge.ingest.watch.Outlet;
import io.straightedge.ingest.watch.Stop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Turns of a follower, whose batches go to an outlet. Used by one thread. */
public final class Watcher {

    private final Follower follower;
    private final Outlet outlet;
    private final Stop stop;
    private final Consumer<List<Followed>> shown;
    private long sent;

    /**
     * A watcher that has not looked yet.
     *
     * @param shown is told after each turn how the sources stand
     */
    public Watcher(Follower follower, Outlet outlet, Stop stop, Consumer<List<Followed>> shown) {
        this.follower = follower;
        this.outlet = outlet;
        this.stop = stop;
        this.shown = shown;
    }

    /** Events sent. */
    public long sent() {
        return sent;
    }

    /** Sends what is there now. */
    public void once() throws IOException, InterruptedException {
        follower.look();
        drain();
        follower.idle();
        follower.end();
        drain();
        shown.accept(follower.followed());
    }

    /** Follows until told to stop. */
    public void follow(Duration poll) throws IOException, InterruptedException {
        do {
            follower.look();
            drain();
            follower.idle();
            drain();
            shown.accept(follower.followed());
        } while (!stop.within(poll));
    }

    private void drain() throws IOException, InterruptedException {
        Batch batch;
        do {
            batch = follower.next();
            if (!batch.events().isEmpty()) {
                outlet.send(batch.events(), batch.positions());
                sent += batch.events().size();
            }
        } while (!batch.dry() && !stop.asked());
    }
}
