package io.straightedge.fitter.state;

import io.straightedge.fitter.detect.PairedRule;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A run's split beside the run that it is held against.
 *
 * @param with the name of the other run
 */
record Pair(String with, PairedRule rule) {

    /** Names are of 250 UTF-16 units at most. */
    private static final int MOST_BYTES = 1024;

    byte[] save() {
        ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
        byte[] name = with.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) name.length).put(name);
        rule.save(out);
        byte[] saved = new byte[out.position()];
        out.flip().get(saved);
        return saved;
    }

    static Pair load(ByteBuffer in) {
        byte[] name = new byte[in.getShort()];
        in.get(name);
        PairedRule rule = new PairedRule();
        rule.load(in);
        return new Pair(new String(name, StandardCharsets.UTF_8), rule);
    }
}
