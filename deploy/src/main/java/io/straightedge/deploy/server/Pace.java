package io.straightedge.deploy.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection that dawdles: whose headers are not complete in time, or whose body is too slow, too long under way or
 * too large to be read at all. A timeout between reads alone would let a client hold a connection with a byte a minute.
 *
 * <p>It stands before the HTTP codec and counts bytes; {@link #messages} stands after it and says what they were. One
 * channel's, on its event loop.
 */
final class Pace extends ChannelDuplexHandler {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private enum Awaited {
        /** The first byte of a request, for as long as the idle timeout allows. */
        REQUEST,
        HEAD,
        BODY
    }

    private final DoorLimits limits;
    private final Rejections rejections;
    private Awaited awaited = Awaited.REQUEST;
    private @Nullable ScheduledFuture<?> timer;
    private long bodyBytes;
    private long bytesAtLook;
    private long bodyBegan;
    private boolean reading;

    Pace(DoorLimits limits, Rejections rejections) {
        this.limits = limits;
        this.rejections = rejections;
    }

    /** The part of it that stands after the codec. */
    ChannelHandler messages() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (message instanceof HttpRequest request) {
                    Throwable failure = request.decoderResult().cause();
                    if (failure instanceof PrematureChannelClosureException) {
                        // Gone in the middle of its headers: there is nobody to answer, and nothing to log.
                        rejections.count("cut_head");
                        ReferenceCountUtil.release(message);
                        return;
                    }
                    if (failure != null) {
                        rejections.count("malformed");
                    }
                    headRead(context);
                }
                if (message instanceof LastHttpContent) {
                    stopTimer();
                    awaited = Awaited.REQUEST;
                }
                context.fireChannelRead(message);
            }
        };
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        awaitHead(context);
        context.fireChannelActive();
    }

    @Override
    public void read(ChannelHandlerContext context) {
        reading = true;
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        reading = false;
        if (awaited == Awaited.REQUEST) {
            awaitHead(context);
        }
        if (awaited == Awaited.BODY && message instanceof ByteBuf bytes) {
            bodyBytes += bytes.readableBytes();
            if (bodyBytes > DoorLimits.BODY_BYTES) {
                bytes.release();
                end(context, "too_large");
                return;
            }
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopTimer();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stopTimer();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
            rejections.count("tls");
        }
        context.fireUserEventTriggered(event);
    }

    private void awaitHead(ChannelHandlerContext context) {
        stopTimer();
        awaited = Awaited.HEAD;
        timer = context.executor()
                .schedule(() -> end(context, "slow_head"), limits.head().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void headRead(ChannelHandlerContext context) {
        stopTimer();
        awaited = Awaited.BODY;
        bodyBytes = 0;
        bytesAtLook = 0;
        bodyBegan = System.nanoTime();
        timer = context.executor()
                .scheduleAtFixedRate(
                        () -> look(context), LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A body that nobody has asked to read is not late. */
    private void look(ChannelHandlerContext context) {
        long needed = limits.bodyBytesPerSecond() * LOOK_EVERY.toSeconds();
        boolean slow = bodyBytes - bytesAtLook < needed;
        boolean late = System.nanoTime() - bodyBegan > limits.body().toNanos();
        if (reading && (slow || late)) {
            end(context, "slow_body");
        }
        bytesAtLook = bodyBytes;
    }

    private void end(ChannelHandlerContext context, String reason) {
        stopTimer();
        rejections.count(reason);
        var unused = context.close();
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
