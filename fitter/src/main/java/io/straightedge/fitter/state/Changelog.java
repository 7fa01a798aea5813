package io.straightedge.fitter.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.curve.LrSeen;
import io.straightedge.fitter.interval.ForecastLedger;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.StudyCommand;
import io.straightedge.protocol.run.StudyDefinition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * How a study is written to the compacted changelog, piece by piece, and read back.
 *
 * <p>Keys are {@code study, kind, run, split, number}, as far as the kind needs them (a study's scores and shared steps need no run),
 * with a unit separator between; names hold no control characters, so keys are unambiguous. A value is a version byte,
 * the CRC-32C of the rest, and the rest. Only what has changed since the last commit is written: for one observation
 * the heads (about 300 bytes) and one block of the seen window; closed bins once, by octave.
 */
final class Changelog {

    static final byte VERSION = 5;

    private static final String SEPARATOR = "\u001f";

    private static final String STUDY = "s";
    private static final String DEFINITION = "d";
    private static final String LAW = "l";
    private static final String MANIFEST = "m";
    private static final String RUN = "r";
    private static final String WHAT_IF = "q";
    private static final String RATES = "x";
    private static final String PLANNED = "p";
    private static final String OCTAVE = "b";
    private static final String SPLIT = "h";
    private static final String KEPT = "k";
    private static final String INFORMED = "i";
    private static final String SCORED = "t";
    private static final String SHARED = "y";
    private static final String CROSS = "c";
    private static final String WINDOW = "w";
    private static final String REFERENCE = "e";
    private static final String REFERENCE_BLOCK = "f";
    private static final String PAIR = "v";

    private Changelog() {}

    /** Emits what has changed since the last call. */
    static void save(StudyState study, List<Emission> out) {
        if (!study.dirty) {
            return;
        }
        study.dirty = false;
        ByteBuffer head = ByteBuffer.allocate(32);
        head.putLong(study.sequence).putLong(study.latestMillis).putLong(study.checkedMillis);
        head.putLong(study.lawRevision);
        put(out, key(study.name, STUDY), head.array());
        if (study.definitionDirty) {
            study.definitionDirty = false;
            put(out, key(study.name, DEFINITION), Json.write(study.definition));
        }
        if (study.lawDirty) {
            study.lawDirty = false;
            put(out, key(study.name, LAW), SavedLaw.save(study));
        }
        if (study.sharedDirty) {
            study.sharedDirty = false;
            study.shared.forEach((split, rule) -> put(out, key(study.name, SHARED, split), rule.save()));
        }
        study.references.forEach((order, series) -> save(study.name, order, series, out));
        study.ledgers.forEach((split, ledger) -> save(study.name, split, ledger, out));
        study.runs.values().forEach(run -> save(study, run, out));
    }

    private static void save(String study, String split, ForecastLedger ledger, List<Emission> out) {
        for (int place : ledger.dirty()) {
            byte[] scored = ledger.save(place);
            String key = key(study, SCORED, split, place);
            if (scored.length == 0) {
                tombstone(out, key);
            } else {
                put(out, key, scored);
            }
        }
        ledger.clean();
    }

    private static void save(String study, String order, ReferenceSeries series, List<Emission> out) {
        ReferenceSeries.Changes changes = series.changes();
        if (changes.run() != null) {
            put(out, key(study, REFERENCE, order), changes.run().getBytes(StandardCharsets.UTF_8));
        }
        changes.blocks().forEach((number, block) -> put(out, key(study, REFERENCE_BLOCK, order, number), block));
        changes.dropped().forEach(number -> tombstone(out, key(study, REFERENCE_BLOCK, order, number)));
    }

    private static void save(StudyState study, RunState run, List<Emission> out) {
        if (run.manifestDirty && run.manifest() != null) {
            run.manifestDirty = false;
            put(out, key(study.name, MANIFEST, run.run), Json.write(run.manifest()));
        }
        if (run.dirty) {
            run.dirty = false;
            put(out, key(study.name, RUN, run.run), run.saveHead());
        }
        if (run.whatIfDirty) {
            run.whatIfDirty = false;
            String key = key(study.name, WHAT_IF, run.run);
            if (run.whatIf.isEmpty()) {
                tombstone(out, key);
            } else {
                put(out, key, Json.write(List.copyOf(run.whatIf.values())));
            }
        }
        if (run.ratesDirty) {
            run.ratesDirty = false;
            put(out, key(study.name, RATES, run.run), run.rates.save());
        }
        if (run.plannedDirty) {
            run.plannedDirty = false;
            put(out, key(study.name, PLANNED, run.run), run.planned.save());
        }
        run.splits.forEach((name, split) -> {
            if (split.dirty) {
                save(study.name, run.run, name, split, out);
                split.clean();
            }
        });
    }

    private static void save(String study, String run, String name, SplitState split, List<Emission> out) {
        put(out, key(study, SPLIT, run, name), split.saveHead());
        for (int octave = 0; octave < Long.SIZE; octave++) {
            if ((split.dirtyOctaves >>> octave & 1) != 0) {
                byte[] bins = split.saveOctave(octave);
                String key = key(study, OCTAVE, run, name, octave);
                if (bins.length == 0) {
                    out.add(Emission.tombstone(Topics.FITTER_STATE, key));
                } else {
                    put(out, key, bins);
                }
            }
        }
        for (int block = 0; block < SeenWindow.BLOCKS; block++) {
            if ((split.seen.dirtyBlocks() >>> block & 1) != 0) {
                put(out, key(study, WINDOW, run, name, block), split.seen.block(block));
            }
        }
        if (split.pair != null) {
            put(out, key(study, PAIR, run, name), split.pair.save());
        } else if (split.pairLeft) {
            tombstone(out, key(study, PAIR, run, name));
        }
        if (split.informedDirty && split.informed != null) {
            put(out, key(study, INFORMED, run, name), SavedInformed.save(split.informed));
        }
        if (split.crossDirty && split.crossRun != null) {
            put(out, key(study, CROSS, run, name), split.crossRun.save());
        }
        if (split.trailDirty) {
            put(out, key(study, KEPT, run, name), split.trail.save());
        }
    }

    /** Tombstones for what was written of steps that runs share. */
    static void forgetShared(StudyState study, List<Emission> out) {
        study.shared.keySet().forEach(split -> tombstone(out, key(study.name, SHARED, split)));
    }

    /** Tombstones for what was written of a reference. */
    static void forget(StudyState study, String order, ReferenceSeries series, List<Emission> out) {
        tombstone(out, key(study.name, REFERENCE, order));
        series.written().forEach(number -> tombstone(out, key(study.name, REFERENCE_BLOCK, order, number)));
    }

    /** Tombstones for all that was written of a run. */
    static void forget(StudyState study, RunState run, List<Emission> out) {
        tombstone(out, key(study.name, MANIFEST, run.run));
        tombstone(out, key(study.name, RUN, run.run));
        tombstone(out, key(study.name, WHAT_IF, run.run));
        tombstone(out, key(study.name, RATES, run.run));
        tombstone(out, key(study.name, PLANNED, run.run));
        run.splits.forEach((name, split) -> {
            tombstone(out, key(study.name, SPLIT, run.run, name));
            tombstone(out, key(study.name, KEPT, run.run, name));
            tombstone(out, key(study.name, INFORMED, run.run, name));
            tombstone(out, key(study.name, PAIR, run.run, name));
            tombstone(out, key(study.name, CROSS, run.run, name));
            for (int i = 0; i < split.bins.size(); i++) {
                int octave = split.bins.index(i) / LogBins.PER_OCTAVE;
                tombstone(out, key(study.name, OCTAVE, run.run, name, octave));
            }
            for (int block = 0; block < SeenWindow.BLOCKS; block++) {
                tombstone(out, key(study.name, WINDOW, run.run, name, block));
            }
        });
    }

    /**
     * Reads one piece back. Pieces of a split must come in rising order of their keys: closed bins before the head,
     * which holds the open one.
     */
    static void restore(StudyState study, String[] key, byte[] value) throws MessageException {
        ByteBuffer in = open(value, key);
        if (key[1].equals(SCORED)) {
            study.ledger(key[2]).load(Integer.parseInt(key[3]), in);
            return;
        }
        if (key[1].equals(SHARED)) {
            study.shared(key[2]).load(in);
            return;
        }
        if (key[1].equals(REFERENCE)) {
            study.reference(key[2]).restoreRun(new String(rest(in), StandardCharsets.UTF_8));
            return;
        }
        if (key[1].equals(REFERENCE_BLOCK)) {
            study.reference(key[2]).restoreBlock(Long.parseLong(key[3]), in);
            return;
        }
        RunState run = key.length > 2 ? study.run(key[2]) : null;
        SplitState split = run != null && key.length > 3 ? run.split(key[3]) : null;
        if (run == null) {
            restoreStudy(study, key[1], in);
        } else if (split == null) {
            restoreRun(run, key[1], in);
        } else {
            restoreSplit(split, key, in);
        }
    }

    private static void restoreStudy(StudyState study, String kind, ByteBuffer in) throws MessageException {
        switch (kind) {
            case STUDY -> {
                study.sequence = in.getLong();
                study.latestMillis = in.getLong();
                study.checkedMillis = in.getLong();
                study.lawRevision = in.getLong();
            }
            case DEFINITION -> study.definition = Json.read(rest(in), StudyDefinition.class);
            case LAW -> SavedLaw.restore(study, in);
            default -> throw new IllegalStateException("changelog holds an unknown kind of study record: " + kind);
        }
    }

    private static void restoreRun(RunState run, String kind, ByteBuffer in) throws MessageException {
        switch (kind) {
            case MANIFEST -> run.restoreManifest(Json.read(rest(in), RunManifest.class));
            case RUN -> run.restoreHead(in);
            case WHAT_IF -> {
                for (JsonNode node : Json.split(rest(in))) {
                    if (Json.event(node) instanceof StudyCommand asked) {
                        run.whatIf.put(String.valueOf(asked.name()), asked);
                    }
                }
            }
            case RATES -> run.rates.load(in);
            case PLANNED -> run.planned = LrSeen.load(in);
            default -> throw new IllegalStateException("changelog holds an unknown kind of run record: " + kind);
        }
    }

    private static void restoreSplit(SplitState split, String[] key, ByteBuffer in) {
        switch (key[1]) {
            case OCTAVE -> {
                while (in.hasRemaining()) {
                    SavedBins.take(in, split.bins);
                }
            }
            case SPLIT -> split.restoreHead(in);
            case INFORMED -> split.informed = SavedInformed.restore(in);
            case PAIR -> split.pair = Pair.load(in);
            case CROSS -> split.crossRun = CrossRun.load(in);
            case KEPT -> split.trail.load(in);
            case WINDOW -> split.seen.restoreBlock(Integer.parseInt(key[4]), in);
            default -> throw new IllegalStateException("changelog holds an unknown kind of split record: " + key[1]);
        }
    }

    static String[] parts(String key) {
        return key.split(SEPARATOR, -1);
    }

    static byte[] seal(byte[] payload) {
        ByteBuffer sealed = ByteBuffer.allocate(payload.length + 5);
        sealed.put(VERSION).putInt(checksum(payload, 0)).put(payload);
        return sealed.array();
    }

    static ByteBuffer open(byte[] value, String[] key) {
        if (value.length < 5 || value[0] != VERSION) {
            throw new IllegalStateException("changelog record " + String.join("/", key)
                    + " has a version that this build does not read: finish the upgrade, or replay into new topics");
        }
        ByteBuffer in = ByteBuffer.wrap(value);
        in.get();
        if (in.getInt() != checksum(value, 5)) {
            throw new IllegalStateException("changelog record " + String.join("/", key)
                    + " is damaged: its checksum does not match; replay into new topics");
        }
        return in;
    }

    private static int checksum(byte[] bytes, int from) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, bytes.length - from);
        return (int) crc.getValue();
    }

    /** Numbers are padded so that keys sort as their numbers do. */
    private static String key(String study, String kind, Object... rest) {
        StringBuilder key = new StringBuilder(study).append(SEPARATOR).append(kind);
        for (Object part : rest) {
            key.append(SEPARATOR).append(part instanceof Integer number ? String.format("%02d", number) : part);
        }
        return key.toString();
    }

    private static void put(List<Emission> out, String key, byte[] payload) {
        out.add(new Emission(Topics.FITTER_STATE, key, seal(payload), null, null));
    }

    private static void tombstone(List<Emission> out, String key) {
        out.add(Emission.tombstone(Topics.FITTER_STATE, key));
    }

    private static byte[] rest(ByteBuffer in) {
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        return rest;
    }
}
