package io.straightedge.fitter.doubt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.straightedge.fitter.data.RealData;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataDoubtsTest {

    private static final ChinchillaLaw LAW = new ChinchillaLaw(1.8172, 477.8, 2143.4, 0.3473, 0.3672);
    private static final int COEFFICIENTS = 5;

    /** Columns N, D, C, L of a ladder of 6 sizes by 6 lengths, with log noise. */
    private static double[][] ladder(double noise, long seed) {
        Random random = new Random(seed);
        double[][] c = new double[4][36];
        for (int i = 0; i < 36; i++) {
            int size = i / 6;
            c[0][i] = 1e8 * Math.pow(40, 0.2 * size);
            c[1][i] = 2e9 * Math.pow(60, 0.2 * (i % 6));
            c[2][i] = 6 * c[0][i] * c[1][i];
            c[3][i] = LAW.loss(c[0][i], c[1][i]) * Math.exp(noise * random.nextGaussian());
        }
        return c;
    }

    private static LawPoints points(double[][] c) {
        double[] ones = new double[c[0].length];
        Arrays.fill(ones, 1);
        return LawPoints.of(
                c[0], c[1], c[2], c[3], ones, IntStream.range(0, ones.length).toArray());
    }

    private static DataDoubts doubts(double[][] c) {
        return DataDoubts.ofSurface(points(c), PointNotes.NONE, COEFFICIENTS);
    }

    private static final DataDoubts NOTHING = new DataDoubts(List.of(), List.of());

    @Test
    void ofSurface_cleanLadder_saysNothing() {
        assertThat(doubts(ladder(0.003, 31))).isEqualTo(NOTHING);
    }

    // Refusals.

    @Test
    void ofSurface_oneSizeOrOneLength_isRefused() {
        double[][] c = ladder(0, 1);
        Arrays.fill(c[0], 1e8);
        Arrays.setAll(c[3], i -> LAW.loss(1e8, 2e9) + 0.001 * i);
        assertThat(doubts(c).refusals())
                .containsExactly("all points have the same N: nothing says how the loss depends on it");
        c = ladder(0, 1);
        Arrays.fill(c[1], 1e10);
        Arrays.setAll(c[3], i -> LAW.loss(1e9, 1e10) - 0.001 * i);
        assertThat(doubts(c).refusals())
                .containsExactly("all points have the same D: nothing says how the loss depends on it");
        assertThat(DataDoubts.ofCurve(points(c), PointNotes.NONE).refusals()).isEmpty();
    }

    @Test
    void ofSurface_fewerPointsThanCoefficients_isRefused() {
        double[][] c = ladder(0, 1);
        LawPoints few = points(c).select(new int[] {0, 8, 16, 24, 35});
        assertThat(DataDoubts.ofSurface(few, PointNotes.NONE, COEFFICIENTS).refusals())
                .containsExactly("5 points: a law of five coefficients needs at least 6");
    }

    @Test
    void ofSurface_severalUnitLabels_isRefused() {
        List<String> units = new ArrayList<>(Collections.nCopies(36, "nats"));
        units.set(7, "bits");
        PointNotes notes = new PointNotes(List.of(), units, List.of());
        assertThat(DataDoubts.ofSurface(points(ladder(0, 1)), notes, COEFFICIENTS)
                        .refusals())
                .containsExactly("the losses are in several units (bits, nats): convert them to nats per token first");
    }

    /** Some rows in bits, whichever they are. */
    @Test
    void ofSurface_someLossesInBits_isRefused() {
        Random random = new Random(32);
        for (int trial = 0; trial < 5; trial++) {
            double[][] c = ladder(0.003, 32 + trial);
            for (int i = 0; i < 36; i++) {
                c[3][i] /= random.nextDouble() < 0.4 ? Math.log(2) : 1;
            }
            assertThat(doubts(c).refusals())
                    .as("seed " + (32 + trial))
                    .singleElement()
                    .asString()
                    .startsWith("the losses fall into two groups a factor of 1.4")
                    .endsWith("as nats and bits do");
        }
    }

    @Test
    void ofSurface_someLossesOfAnotherText_isDoubted() {
        double[][] c = ladder(0.002, 33);
        Random random = new Random(33);
        for (int i = 0; i < 36; i++) {
            c[3][i] *= random.nextDouble() < 0.4 ? 1.2 : 1;
        }
        DataDoubts found = doubts(c);
        assertThat(found.refusals()).isEmpty();
        assertThat(found.doubts()).singleElement().asString().contains("a factor of 1.20", "texts or tokenizers");
    }

    /** Two kinds of loss of the same runs: read off a published figure, per character and its exponential. */
    @Test
    void ofSurface_bothSeriesOfLlama_isRefused() {
        LawPoints both = set("isoflops", "llama_3__raw_loss", "llama_3__exp_loss");
        assertThat(DataDoubts.ofSurface(both, PointNotes.NONE, COEFFICIENTS).refusals())
                .singleElement()
                .asString()
                .contains("pairs of the same N and D", "two kinds of loss");
    }

    // Doubts.

    @Test
    void ofSurface_repeatedRows_areNamedAndSeedsAreNot() {
        double[][] c = ladder(0.003, 34);
        c[0][9] = c[0][4];
        c[1][9] = c[1][4];
        c[2][9] = c[2][4];
        c[3][9] = c[3][4] * 1.002;
        assertThat(doubts(c).doubts()).isEmpty();
        c[3][9] = c[3][4];
        assertThat(doubts(c).doubts())
                .containsExactly("row 10 repeats row 5 in N, D and loss: each counts as often as it is there");
    }

    @Test
    void ofSurface_lessThanADecade_isDoubted() {
        double[][] c = ladder(0.003, 35);
        c[0] = Arrays.stream(c[0]).map(n -> 1e8 * Math.pow(n / 1e8, 0.5)).toArray();
        for (int i = 0; i < 36; i++) {
            c[2][i] = 6 * c[0][i] * c[1][i];
            c[3][i] = LAW.loss(c[0][i], c[1][i]);
        }
        assertThat(doubts(c).doubts()).containsExactly("the runs span less than one decade of parameters or tokens");
    }

    @Test
    void ofSurface_undecayedPoints_areDoubted() {
        Boolean[] annealed = new Boolean[36];
        Arrays.fill(annealed, true);
        PointNotes all = new PointNotes(List.of(), List.of(), List.of(annealed));
        LawPoints points = points(ladder(0.003, 36));
        assertThat(DataDoubts.ofSurface(points, all, COEFFICIENTS)).isEqualTo(NOTHING);
        annealed[3] = false;
        PointNotes one = new PointNotes(List.of(), List.of(), List.of(annealed));
        assertThat(DataDoubts.ofSurface(points, one, COEFFICIENTS).doubts())
                .containsExactly(
                        "1 of 36 points were taken before the learning rate had decayed and lie above where their"
                                + " runs would end");
        Arrays.fill(annealed, false);
        PointNotes none = new PointNotes(List.of(), List.of(), List.of(annealed));
        assertThat(DataDoubts.ofSurface(points, none, COEFFICIENTS).doubts())
                .singleElement()
                .asString()
                .startsWith("no point is annealed");
    }

    @ParameterizedTest
    @CsvSource({"0, 10, N = 4.37e+08", "0, 0.1, N = 4.37e+08", "1, 10, D = 1.03e+10", "1, 0.1, D = 1.03e+10"})
    void ofSurface_powerOfTenInARow_isNamedWithWhatFits(int column, double slip, String fits) {
        double[][] c = ladder(0.003, 37);
        // N = 4.37e8, D = 1.03e10: both neighbours by a factor of ten lie within the ladder or just beyond it.
        c[column][14] *= slip;
        c[2][14] = 6 * c[0][14] * c[1][14];
        List<String> words = doubts(c).doubts();
        assertThat(words)
                .singleElement()
                .asString()
                .startsWith("row 15: the loss is off by")
                .contains(fits);
    }

    @ParameterizedTest
    @CsvSource({"1.4, 1.40", "1e15, 1.00e+15", "1e-15, 1.00e-15"})
    void ofSurface_otherFlopsThroughout_isSaidOnceWithTheFactor(double factor, String words) {
        double[][] c = ladder(0.003, 38);
        c[2] = Arrays.stream(c[2]).map(f -> factor * f).toArray();
        assertThat(doubts(c).doubts())
                .containsExactly(
                        "C is not 6ND: %s of it in the median, %s to %s in most rows".formatted(words, words, words));
    }

    @Test
    void ofSurface_notesOfAnotherLength_areABug() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        DataDoubts.ofCurve(points(ladder(0, 1)), new PointNotes(List.of("a"), List.of(), List.of())));
    }

    // The tables of Hoffmann et al. 2022: N, C, D. One row of table A3, approach 3, is off by a power of ten.

    private static final double[] SIZES = {400e6, 1e9, 10e9, 67e9, 175e9, 280e9, 520e9, 1e12, 10e12};

    private static List<String> ofTable(String ofFlops, String ofTokens) {
        double[] flops = numbers(ofFlops);
        double[] tokens = numbers(ofTokens);
        double[][] c = {SIZES, tokens, flops, new double[SIZES.length]};
        Arrays.setAll(c[3], i -> LAW.loss(SIZES[i], tokens[i]));
        List<String> names = Arrays.stream(SIZES)
                .mapToObj(n -> "%.3g parameters".formatted(n))
                .toList();
        return DataDoubts.ofSurface(points(c), new PointNotes(names, List.of(), List.of()), COEFFICIENTS)
                .doubts();
    }

    private static double[] numbers(String row) {
        return Arrays.stream(row.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    @Test
    void ofSurface_hoffmannTableA3_namesTheMisprintedRow() {
        assertThat(ofTable(
                        "2.21e19 1.62e20 2.46e22 1.71e24 1.26e24 3.52e25 1.36e26 5.65e26 8.55e28",
                        "9.2e9 27.1e9 410.1e9 4.1e12 12.0e12 20.1e12 43.5e12 94.1e12 1425.5e12"))
                .containsExactly(
                        "1.75e+11 parameters: C is 1.26e+24, 6ND is 1.26e+25, a power of ten apart: suspect a misprint");
    }

    @Test
    void ofSurface_hoffmannsOtherTables_saysNothing() {
        assertThat(ofTable(
                        "1.92e19 1.21e20 1.23e22 5.76e23 3.85e24 9.90e24 3.43e25 1.27e26 1.30e28",
                        "8.0e9 20.2e9 205.1e9 1.5e12 3.7e12 5.9e12 11.0e12 21.2e12 216.2e12"))
                .isEmpty();
        assertThat(ofTable(
                        "1.84e19 1.20e20 1.32e22 6.88e23 4.54e24 1.18e25 4.19e25 1.59e26 1.75e28",
                        "7.7e9 20.0e9 219.5e9 1.7e12 4.3e12 7.1e12 13.4e12 26.5e12 292.0e12"))
                .isEmpty();
    }

    // Real sets: nothing silly.

    private static LawPoints set(String folder, String... families) {
        return rows(folder, 4, families);
    }

    /** Rows with a number in each of params, tokens, the FLOPs of {@code column}, and loss. */
    private static LawPoints rows(String folder, int column, String... families) {
        List<double[]> rows = new ArrayList<>();
        List<String> lines = RealData.lines(folder + "/finals.csv");
        for (String line : lines.subList(1, lines.size())) {
            String[] cell = line.split(",", -1);
            List<String> wanted = List.of(cell[2], cell[3], cell[column], cell[5]);
            if (!wanted.contains("")
                    && (families.length == 0 || List.of(families).contains(cell[0]))) {
                rows.add(wanted.stream().mapToDouble(Double::parseDouble).toArray());
            }
        }
        double[][] c = new double[4][rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            for (int k = 0; k < 4; k++) {
                c[k][i] = rows.get(i)[k];
            }
        }
        return points(c);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "epoch_chinchilla:chinchilla",
                "gadre:gadre_c4_original",
                "gadre:gadre_rpj",
                "gadre:gadre_rw_original",
                "olmo_ladder:olmo_ladder",
                "kyo_chinchilla:kyo_df",
                "gemstones:gemstones_hot",
                "gemstones:gemstones_cooldown",
                "isoflops:epochai_chinchilla__massivetext__chinchilla",
                "isoflops:llama_3__exp_loss",
                "isoflops:llama_3__raw_loss",
                "isoflops:marin_202603__comma__llama_2",
                "porian:porian_rw_base_warmup-short_decay-chinchilla_params-standard_val",
                "porian:porian_owt2_tuned_warmup-short_decay-const_params-standard_val"
            })
    void ofSurface_realSets_saysNothing(String set) {
        String[] part = set.split(":", -1);
        assertThat(DataDoubts.ofSurface(set(part[0], part[1]), PointNotes.NONE, COEFFICIENTS))
                .isEqualTo(NOTHING);
    }

    /** A slip in each row in turn, of either kind: named in most, and hardly ever another row. */
    @Test
    void ofSurface_slipsInOlmosLadder_areMostlyFound() {
        LawPoints olmo = set("olmo_ladder");
        int found = 0;
        int wrong = 0;
        int slips = 0;
        for (int i = 0; i < olmo.size(); i++) {
            for (double slip : new double[] {10, 0.1}) {
                double[] tokens = IntStream.range(0, olmo.size())
                        .mapToDouble(olmo::tokens)
                        .toArray();
                double[] params = IntStream.range(0, olmo.size())
                        .mapToDouble(olmo::params)
                        .toArray();
                double[] loss =
                        IntStream.range(0, olmo.size()).mapToDouble(olmo::loss).toArray();
                tokens[i] *= slip;
                List<String> words = MisprintRules.powerOfTen(LawPoints.of(params, tokens, loss), PointNotes.NONE);
                String name = "row " + (i + 1) + ":";
                found += words.stream().anyMatch(w -> w.startsWith(name)) ? 1 : 0;
                wrong += words.stream().anyMatch(w -> !w.startsWith(name)) ? 1 : 0;
                slips++;
            }
        }
        System.out.printf("slips of D in OLMo's ladder: %d of %d named, %d times another row%n", found, slips, wrong);
        assertThat(found).isGreaterThan(slips * 3 / 4);
        assertThat(wrong).isZero();
    }

    /** OLMo's logs count every FLOP; 6ND with N less embeddings does not. */
    @Test
    void ofSurface_olmosLoggedFlops_areSaidToBeOther() {
        assertThat(DataDoubts.ofSurface(rows("olmo_ladder", 7), PointNotes.NONE, COEFFICIENTS)
                        .doubts())
                .containsExactly("C is not 6ND: 1.40 of it in the median, 1.21 to 1.67 in most rows");
    }
}
