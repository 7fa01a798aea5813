package io.straightedge.deploy;

/** The two brokers that tests run against. */
enum BrokerKind {
    IN_JVM {
        @Override
        Broker open() {
            return Broker.inJvm();
        }
    },
    CONTAINER {
        @Override
        Broker open() {
            return Broker.container();
        }
    };

    abstract Broker open();
}
