package io.straightedge.fitter.state;

import io.straightedge.fitter.detect.DepartureRule;
import io.straightedge.fitter.detect.UnitRule;
import io.straightedge.protocol.codec.Varint;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What has been found of a run beside others of its study; about 40 bytes, for runs of which something has. */
final class CrossRun {

    private static final int MOST_BYTES = 80;

    final DepartureRule law = new DepartureRule();
    final DepartureRule ladder = new DepartureRule();

    /** The unit that its losses seem to have; null while they seem to have the study's. */
    UnitRule.@Nullable Unit unit;

    /** Where that was found. */
    long unitStep;

    /** Whether a person has said that the unit is right. */
    boolean unitAccepted;

    byte[] save() {
        ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
        law.save(out);
        ladder.save(out);
        out.put((byte) (unit == null ? 0 : unit.code())).put((byte) (unitAccepted ? 1 : 0));
        Varint.put(out, unitStep);
        byte[] saved = new byte[out.position()];
        out.flip().get(saved);
        return saved;
    }

    static CrossRun load(ByteBuffer in) {
        CrossRun loaded = new CrossRun();
        loaded.law.load(in);
        loaded.ladder.load(in);
        loaded.unit = UnitRule.Unit.of(in.get());
        loaded.unitAccepted = in.get() != 0;
        loaded.unitStep = Varint.take(in);
        return loaded;
    }
}
