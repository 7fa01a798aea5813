package io.straightedge.protocol.kafka;

import io.straightedge.deploy.Broker;

/** The bridge on the broker in this JVM. */
final class ExactlyOnceIT extends ExactlyOnceContract {

    @Override
    Broker newBroker() {
        return Broker.inJvm();
    }
}
