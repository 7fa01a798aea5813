package io.straightedge.deploy.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/** Counts connections, shuts out those beyond the bounds, and puts a {@link Pace} on the others. Thread-safe. */
final class Connections {

    private final DoorLimits limits;
    private final Rejections rejections;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentHashMap<String, Integer> byAddress = new ConcurrentHashMap<>();

    Connections(DoorLimits limits, Rejections rejections) {
        this.limits = limits;
        this.rejections = rejections;
    }

    /** Takes in a channel whose handlers have just been put in place. */
    void accept(Channel channel) {
        String address = addressOf(channel.remoteAddress());
        int total = all.incrementAndGet();
        int ofAddress = byAddress.merge(address, 1, Integer::sum);
        channel.closeFuture().addListener(closed -> {
            all.decrementAndGet();
            byAddress.computeIfPresent(address, (known, count) -> count > 1 ? count - 1 : null);
        });
        if (total > limits.connections() || ofAddress > limits.connectionsPerAddress()) {
            rejections.count(total > limits.connections() ? "connections" : "address_connections");
            var unused = channel.close();
            return;
        }
        Pace pace = new Pace(limits, rejections);
        channel.pipeline()
                .addBefore(NettyPipeline.HttpCodec, "straightedge.writes", new Taking(limits.idle(), rejections))
                .addBefore(NettyPipeline.HttpCodec, "straightedge.bytes", pace)
                .addAfter(NettyPipeline.HttpCodec, "straightedge.messages", pace.messages());
    }

    /** Ends a connection whose client takes nothing of what is written for it. */
    private static final class Taking extends WriteTimeoutHandler {

        private final Rejections rejections;

        Taking(Duration within, Rejections rejections) {
            super(within.toMillis(), TimeUnit.MILLISECONDS);
            this.rejections = rejections;
        }

        @Override
        protected void writeTimedOut(ChannelHandlerContext context) throws Exception {
            rejections.count("slow_reader");
            super.writeTimedOut(context);
        }
    }

    private static String addressOf(@Nullable SocketAddress remote) {
        return Credentials.addressOf(remote instanceof InetSocketAddress inet ? inet : null);
    }
}
