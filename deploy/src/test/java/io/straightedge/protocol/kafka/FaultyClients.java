package io.straightedge.protocol.kafka;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Real clients whose producer fails where a test says. */
final class FaultyClients implements Clients {

    /** When a call fails: before it reaches Kafka, or after Kafka has done it. */
    record Fault(boolean after, KafkaException exception) {}

    private final Clients real;
    private final Function<String, @Nullable Fault> faults;
    final AtomicLong injected = new AtomicLong();

    /** @param faults the fault of the producer's method named, or null */
    FaultyClients(Clients real, Function<String, @Nullable Fault> faults) {
        this.real = real;
        this.faults = faults;
    }

    @Override
    public Consumer<byte[], byte[]> member() {
        return real.member();
    }

    @Override
    public Consumer<byte[], byte[]> reader() {
        return real.reader();
    }

    @Override
    public Consumer<byte[], byte[]> gauge() {
        return real.gauge();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> producer = real.producer();
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                FaultyClients.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    Fault fault = faults.apply(method.getName());
                    if (fault != null) {
                        injected.incrementAndGet();
                    }
                    if (fault != null && !fault.after()) {
                        throw fault.exception();
                    }
                    Object result;
                    try {
                        result = method.invoke(producer, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (fault != null) {
                        throw fault.exception();
                    }
                    return result;
                });
    }
}
