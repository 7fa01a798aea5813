package io.straightedge.ingest.finals;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a column may stand for, with the names by which it is known, its own first. */
enum Column {
    FAMILY("family", "study", "suite", "series", "dataset", "group", "experiment"),
    RUN("run", "run name", "run id", "rid", "name"),
    PARAMS(
            "params",
            "parameters",
            "N",
            "model size",
            "num params",
            "n params",
            "num parameters",
            "n parameters",
            "param count",
            "parameter count",
            "model params",
            "model parameters",
            "total params",
            "total parameters",
            "active params",
            "non embedding params"),
    TOKENS(
            "tokens",
            "D",
            "tokens seen",
            "n tokens",
            "num tokens",
            "training tokens",
            "train tokens",
            "total tokens",
            "tokens total",
            "tokens trained",
            "dataset size",
            "data size"),
    FLOPS(
            "flops",
            "flop",
            "C",
            "compute",
            "training flop",
            "training flops",
            "train flop",
            "train flops",
            "total flop",
            "total flops",
            "training compute",
            "compute flops"),
    /** The nominal budget of an IsoFLOP group, which may differ from the FLOPs that a run took. */
    BUDGET("budget", "isoflop budget", "compute budget", "flops budget", "flop budget", "isoflop"),
    LOSS(
            "loss",
            "L",
            "final loss",
            "val loss",
            "validation loss",
            "final val loss",
            "final validation loss",
            "eval loss",
            "test loss",
            "train loss",
            "training loss",
            "final train loss",
            "cross entropy",
            "ce loss",
            "loss nats"),
    STEP("step", "steps", "iteration", "iterations", "iter", "global step"),
    /** Which data a loss was taken on. */
    SPLIT("split"),
    UNIT("unit", "loss unit"),
    TOKENIZER("tokenizer"),
    /** What N counts, as the events of a study say it. */
    COUNTS("params count", "N counts"),
    /** Whether the learning rate had come down when the loss was taken. */
    ANNEALED("annealed", "decayed", "cooled down", "cooldown");

    /** Columns whose values must not differ among the points of one law. */
    static final List<Column> IDENTITY = List.of(SPLIT, UNIT, TOKENIZER, COUNTS);

    /** In {@link #plain} spelling, the column's own name first. */
    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list of strings
    private final List<String> aliases;

    Column(String... aliases) {
        this.aliases = Stream.of(aliases).map(Column::plain).toList();
    }

    /** The column's own name. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a header is the column's own name, in whatever case. */
    boolean own(String header) {
        return plain(header).equals(aliases.get(0));
    }

    /** Whether a header may mean this column. */
    boolean matches(String header) {
        return aliases.contains(plain(header));
    }

    /** The column of a name given by a person. */
    static Column named(String name) {
        return Stream.of(values())
                .filter(column -> column.own(name) || plain(column.label()).equals(plain(name)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no column " + name + ": known are "
                        + Stream.of(values()).map(Column::label).toList()));
    }

    /** A name without case, spaces and punctuation. */
    static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }
}
