package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;

/**
 * Who brings alerts to people, as the alert lane knows it. Called from the lane's thread; must not block it. What is told
 * here is committed.
 */
public interface AlertTelling {

    /** Tells nobody. */
    AlertTelling NOBODY = new AlertTelling() {
        @Override
        public void restored(int partition, Alert alert) {}

        @Override
        public void changed(int partition, Alert alert) {}

        @Override
        public void forgotten(int partition, Alert alert) {}

        @Override
        public void told(int partition, AlertCommand command) {}

        @Override
        public void dropped(int partition) {}

        @Override
        public void live(int partition) {}
    };

    /** An alert as it was when the partition arrived. */
    void restored(int partition, Alert alert);

    /** An alert is new or has changed. */
    void changed(int partition, Alert alert);

    /** An alert is no more, as its run is not; it is given as resolved. */
    void forgotten(int partition, Alert alert);

    /** A command, restored or new. */
    void told(int partition, AlertCommand command);

    /** The partition has gone, or comes again from the start: forget all of it. */
    void dropped(int partition);

    /** All that was known of the partition has been restored. */
    void live(int partition);
}
