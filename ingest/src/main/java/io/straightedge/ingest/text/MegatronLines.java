package io.straightedge.ingest.text;

import io.straightedge.ingest.metric.Metric;
import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.ingest.metric.Wanted;
import io.straightedge.ingest.source.Item;
import io.straightedge.protocol.run.LossObservation;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Megatron-LM and Megatron-DeepSpeed: {@code iteration 10/ 100 | consumed samples: 640 | lm loss: 7.3E+00 | ...}, the
 * block of arguments, and {@code validation loss at iteration 100 | lm loss value: 2.3E+00 |}.
 *
 * <p>Megatron leaves the loss out when it is NaN, and when every iteration since the last line was skipped for an
 * overflow of the loss scale. The first is a point without a loss; the second is none, as no update was made. Its count
 * of NaN iterations begins anew with each line and is summed up here.
 */
final class MegatronLines implements LineGrammar {

    private static final String ITERATION = "iteration";
    private static final Pattern STEP = Pattern.compile(
            "(?<![A-Za-z_])iteration\\s++([0-9]{1,15}+)/\\s*+([0-9]{1,15}+)\\s*+\\|(?=\\s*+(?:consumed|skipped|elapsed))");
    private static final Pattern VALIDATION = Pattern.compile(
            "validation loss at iteration ([0-9]{1,15}+)(?: on (validation|test) set)?+(?: \\[([^]|]{1,60}+)])?+\\s*+\\|[^|]{0,200}?lm loss value: (\\S++)");
    private static final Pattern ARGUMENT = Pattern.compile("(?:^|\\s)([a-z][a-z0-9_]{0,80}+) \\.{1,60}+ (\\S.*+)$");
    private static final Metric TEST = new Metric(Role.LOSS, "test");

    private final Wanted wanted;
    private boolean arguments;
    private long nanIterations;

    MegatronLines(Wanted wanted) {
        this.wanted = wanted;
    }

    @Override
    public void read(String line, Told told) {
        if (line.contains("-- arguments --")) {
            arguments = true;
            told.header();
        } else if (line.contains("-- end of arguments --")) {
            arguments = false;
        } else if (arguments && line.contains(" .")) {
            Matcher argument = ARGUMENT.matcher(line);
            if (argument.find()) {
                told.config(argument.group(1), argument.group(2).strip());
            }
        } else if (line.contains(ITERATION) && line.indexOf('|') > 0) {
            step(line, told);
        }
    }

    private void step(String line, Told told) {
        Matcher step = STEP.matcher(line);
        if (step.find()) {
            arguments = false;
            train(Long.parseLong(step.group(1)), step.group(2), line, step.end(), told);
        } else if (line.contains("validation loss at iteration")) {
            Matcher validation = VALIDATION.matcher(line);
            if (validation.find()) {
                LineRow.of(Long.parseLong(validation.group(1)), line, split(validation), validation.group(4))
                        .give(told);
            } else {
                told.unreadable("a validation line without its iteration or its loss");
            }
        } else if (line.contains("lm loss:")) {
            told.unreadable("a line with a loss and without its iteration");
        }
    }

    private void train(long iteration, String planned, String line, int from, Told told) {
        Map<Metric, String> numbers = new HashMap<>();
        Map<String, String> others = new HashMap<>();
        Fields.piped(line, from, (name, value) -> {
            Metric metric = wanted.of(name);
            if (metric == null) {
                others.putIfAbsent(name, value);
            } else {
                numbers.putIfAbsent(metric, value);
            }
        });
        String nan = numbers.remove(nanMetric());
        if (numbers.isEmpty() && nan == null) {
            return;
        }
        told.config("train_iters", planned);
        Double nanSince = nan == null ? null : LogNumber.of(nan);
        nanIterations += nanSince == null || !(nanSince > 0) ? 0 : nanSince.longValue();
        boolean lost = !numbers.containsKey(LineRow.LOSS);
        if (lost && !(nanSince != null && nanSince > 0) && positive(others.get("number of skipped iterations"))) {
            return;
        }
        LineRow row = new LineRow(iteration, line).put(LineRow.LOSS, lost ? "nan" : numbers.get(LineRow.LOSS));
        numbers.forEach((metric, value) -> {
            if (metric.role() != Role.LOSS) {
                row.put(metric, value);
            }
        });
        row.put(nanMetric(), nan == null ? null : Long.toString(nanIterations))
                .give(lost ? new WithoutLoss(told) : told);
    }

    private static Metric split(Matcher validation) {
        Metric of = "test".equals(validation.group(2)) ? TEST : LineRow.VALIDATION;
        String set = validation.group(3);
        return set == null ? of : new Metric(Role.LOSS, of.split() + "/" + set.strip());
    }

    private static Metric nanMetric() {
        return new Metric(Role.NAN_ITERATIONS, LossObservation.TRAIN);
    }

    private static boolean positive(@Nullable String number) {
        Double value = number == null ? null : LogNumber.of(number);
        return value != null && value > 0;
    }

    /** Tells of the point that it had no loss. */
    private record WithoutLoss(Told told) implements Told {

        @Override
        public void point(Item.Point point) {
            told.point(new Item.Point(
                    point.run(),
                    point.split(),
                    point.step(),
                    point.tokens(),
                    point.samples(),
                    null,
                    point.lr(),
                    point.gradNorm(),
                    point.nanIterations(),
                    point.time()));
        }

        @Override
        public void config(String name, String value) {
            told.config(name, value);
        }

        @Override
        public void header() {
            told.header();
        }

        @Override
        public void unreadable(String reason) {
            told.unreadable(reason);
        }
    }
}
