package io.straightedge.deploy;

import io.straightedge.deploy.broker.EmbeddedBroker;

/** A running Kafka for a test; close it when the test is done. */
public interface Broker extends AutoCloseable {

    String bootstrapServers();

    @Override
    void close();

    /** A new broker in this JVM, on a folder that is deleted afterwards. */
    static Broker inJvm() {
        return new InJvm(EmbeddedBroker.start(EmbeddedBroker.Options.temporary()));
    }

    /** A new broker in a container; the test is skipped where there is no engine, and fails on CI. */
    static Broker container() {
        return ContainerBroker.open();
    }

    /** The broker that the command itself embeds. */
    record InJvm(EmbeddedBroker broker) implements Broker {

        @Override
        public String bootstrapServers() {
            return broker.bootstrapServers();
        }

        @Override
        public void close() {
            broker.close();
        }
    }
}
