package io.straightedge.deploy.demo;

import io.straightedge.fitter.state.Accounts;
import io.straightedge.fitter.state.Applied;
import io.straightedge.ingest.simulate.Fault;
import io.straightedge.ingest.simulate.RunTruth;
import io.straightedge.ingest.simulate.Simulation;
import io.straightedge.ingest.simulate.Truth;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.ForecastScore;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.signal.Recommendation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares what the stages said with the truth. */
final class Judge {

    private static final double[] FRACTIONS = {.3, .5, .7};

    /** The law's loss at the study's own runs and budgets must be this near to the truth, relatively. */
    static final double LAW_TOLERANCE = .01;

    /** The median forecast at half of a run must be this near to the final loss, relatively. */
    static final double FORECAST_TOLERANCE = .01;

    /** At least so many of the 95 % intervals must hold the final loss. */
    static final double LEAST_COVERAGE_95 = .85;

    /** What is over after fewer observations was a burst of noise. */
    private static final long LASTING = 10;

    /** What a healthy run shows once in fewer observations may come without a fault. */
    static final double HEALTHY_ONCE_PER = 1e8;

    private final Truth truth;
    private final Outputs outputs;
    private final List<Report.Check> checks = new ArrayList<>();

    Judge(Truth truth, Outputs outputs) {
        this.truth = truth;
        this.outputs = outputs;
    }

    /**
     * The report.
     *
     * @param records sent to Kafka, garbage included
     * @param strays of them that have to be forwarded
     */
    Report report(Accounts accounts, long records, int bad, int strays, double seconds) {
        Report.Events events = new Report.Events(
                accounts.in(),
                accounts.count(Applied.APPLIED),
                accounts.count(Applied.DUPLICATE),
                accounts.count(Applied.LATE),
                accounts.count(Applied.FORWARDED),
                accounts.count(Applied.DEAD_LETTER),
                accounts.balanced());
        check("accounts balance", events.balanced(), events.toString());
        check(
                "nothing is lost and nothing doubled",
                outputs.sequences() == records - bad,
                (records - bad) + " good events sent, " + outputs.sequences() + " worked on");
        check(
                "strays are forwarded",
                events.forwarded() == strays,
                strays + " sent, " + events.forwarded() + " forwarded");
        check(
                "garbage is kept as dead letters",
                outputs.deadLetters == bad && events.deadLetters() == bad,
                bad + " sent, " + outputs.deadLetters + " dead letters");
        List<Report.Run> runs = truth.runs().stream().map(this::run).toList();
        List<Report.Found> faults = truth.faults().stream().map(this::found).toList();
        List<Report.Law> laws =
                new TreeSet<>(truth.laws().keySet()).stream().map(this::law).toList();
        checkRuns(runs);
        for (Report.Found fault : faults) {
            check(
                    fault.fault().run() + ": " + name(fault.fault().kind()) + " is found",
                    fault.found(),
                    "at step " + fault.fault().step() + (fault.found() ? ", found at " + fault.foundAtStep() : ""));
        }
        noFalseAlarms();
        boolean ok = checks.stream().allMatch(Report.Check::ok);
        return new Report(
                ok,
                truth.seed(),
                seconds,
                records,
                events,
                outputs.deadLetters,
                laws,
                runs,
                faults,
                List.copyOf(checks));
    }

    private Report.Run run(RunTruth run) {
        String key = run.study() + "/" + run.run() + "/" + LossObservation.TRAIN;
        CurveEstimate curve = outputs.curves.get(key);
        ForecastScore score = outputs.scores.get(key);
        List<Report.Forecast> forecasts = new ArrayList<>();
        if (score != null) {
            for (double fraction : FRACTIONS) {
                score.entries().stream()
                        .filter(entry -> entry.fraction() >= fraction && entry.fraction() < fraction + .15)
                        .findFirst()
                        .ifPresent(entry -> forecasts.add(forecast(fraction, entry, run.finalLoss())));
            }
        }
        String status = curve == null ? "unknown" : curve.status().name().toLowerCase(Locale.ROOT);
        Double observed = curve == null ? null : curve.observedFinal();
        return new Report.Run(run.study(), run.run(), status, run.finalLoss(), observed, forecasts);
    }

    private static Report.Forecast forecast(double at, ForecastScore.Entry entry, double truth) {
        return new Report.Forecast(
                at,
                entry.fraction(),
                entry.forecast().mean(),
                entry.forecast().lower80(),
                entry.forecast().upper80(),
                entry.forecast().lower95(),
                entry.forecast().upper95(),
                entry.forecast().mean() / truth - 1,
                entry.inside80(truth),
                entry.inside95(truth));
    }

    private void checkRuns(List<Report.Run> runs) {
        List<String> wrong = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        int intervals = 0;
        int held = 0;
        for (int i = 0; i < runs.size(); i++) {
            Report.Run run = runs.get(i);
            boolean finishes = truth.runs().get(i).finishes();
            if (finishes && (!run.status().equals("finished") || run.forecasts().size() < FRACTIONS.length)) {
                wrong.add(run.run() + " is " + run.status() + " with "
                        + run.forecasts().size() + " forecasts");
            }
            for (Report.Forecast forecast : run.forecasts()) {
                intervals++;
                held += forecast.inside95() ? 1 : 0;
                if (forecast.at() == .5) {
                    errors.add(Math.abs(forecast.relativeError()));
                }
            }
        }
        check("every run is forecast and finishes", wrong.isEmpty(), wrong.toString());
        errors.sort(null);
        double median = errors.isEmpty() ? Double.NaN : errors.get(errors.size() / 2);
        check(
                "forecasts at half of the run are near",
                median <= FORECAST_TOLERANCE,
                String.format(Locale.ROOT, "median error %.2f %%", 100 * median));
        check("95 % intervals hold", intervals > 0 && held >= LEAST_COVERAGE_95 * intervals, held + " of " + intervals);
    }

    private Report.Law law(String study) {
        ChinchillaLaw right = truth.laws().get(study);
        LawEstimate estimate = outputs.laws.get(study + "/chinchilla");
        ChinchillaLaw recovered =
                estimate != null && estimate.law() instanceof ChinchillaLaw chinchilla ? chinchilla : null;
        List<Report.Advice> advice = new ArrayList<>();
        double worst = Double.NaN;
        if (right != null && estimate != null) {
            for (double budget : estimate.budgetsFlops()) {
                advice.add(new Report.Advice(budget, right.optimum(budget), recommended(study, budget)));
            }
            if (recovered != null) {
                worst = worstLossError(study, right, recovered, estimate.budgetsFlops());
            }
        }
        long ladder = truth.runs().stream()
                .filter(run -> run.study().equals(study) && run.finishes())
                .count();
        if (ladder >= 6) {
            check(
                    study + ": the law is recovered",
                    worst <= LAW_TOLERANCE,
                    String.format(Locale.ROOT, "loss off by at most %.2f %% at its runs and budgets", 100 * worst));
            check(
                    study + ": every budget has a recommendation",
                    !advice.isEmpty() && advice.stream().allMatch(one -> one.recommended() != null),
                    advice.size() + " budgets");
        } else {
            check(
                    study + ": too few runs for a law, and it says so",
                    recovered == null
                            && estimate != null
                            && !estimate.diagnostics().isEmpty(),
                    estimate == null ? "no estimate" : estimate.diagnostics().toString());
        }
        return new Report.Law(
                study,
                right == null ? new ChinchillaLaw(0, 1, 1, 1, 1) : right,
                recovered,
                estimate == null ? 0 : estimate.points().size(),
                worst,
                advice,
                estimate == null ? List.of() : estimate.diagnostics());
    }

    private double worstLossError(String study, ChinchillaLaw right, ChinchillaLaw recovered, List<Double> budgets) {
        double worst = 0;
        for (RunTruth run : truth.runs()) {
            if (run.study().equals(study)) {
                double expected = right.loss(run.params(), run.tokens());
                worst = Math.max(worst, Math.abs(recovered.loss(run.params(), run.tokens()) / expected - 1));
            }
        }
        for (double budget : budgets) {
            Allocation best = right.optimum(budget);
            worst = Math.max(worst, Math.abs(recovered.loss(best.params(), best.tokens()) / best.loss() - 1));
        }
        return worst;
    }

    private @Nullable Allocation recommended(String study, double budget) {
        Recommendation made = outputs.recommendations.get(study + "/" + budget);
        return made == null
                ? null
                : new Allocation(
                        budget,
                        made.params().value(),
                        made.tokens().value(),
                        made.loss().value());
    }

    private Report.Found found(Fault fault) {
        Detector detector = detector(fault.kind());
        for (Deviation deviation : outputs.deviations) {
            boolean same = deviation.study().equals(fault.study())
                    && deviation.run().equals(fault.run())
                    && deviation.detector() == detector
                    && deviation.began();
            if (same && near(fault, deviation)) {
                return new Report.Found(fault, true, deviation.step());
            }
        }
        return new Report.Found(fault, false, null);
    }

    /** Between the first step that shows the fault and a little after the last. */
    private static boolean near(Fault fault, Deviation deviation) {
        long low = Math.min(fault.step(), fault.endStep());
        long high = Math.max(fault.step(), fault.endStep());
        long slack = 20L * Simulation.LOG_EVERY;
        return deviation.onsetStep() >= low - slack && deviation.onsetStep() <= high + slack;
    }

    private void noFalseAlarms() {
        Set<String> unexplained = new TreeSet<>();
        for (Deviation deviation : outputs.deviations) {
            boolean injected = truth.faults().stream()
                    .anyMatch(fault -> deviation.study().equals(fault.study())
                            && deviation.run().equals(fault.run())
                            && explains(fault.kind(), deviation.detector())
                            && near(fault, deviation));
            Double oncePer = deviation.oncePer();
            Long lasted = deviation.observations();
            boolean rare = (oncePer == null || oncePer >= HEALTHY_ONCE_PER) && (lasted == null || lasted >= LASTING);
            if (!injected && rare) {
                unexplained.add(deviation.id());
            }
        }
        check("no alarm without a fault", unexplained.isEmpty(), unexplained.toString());
    }

    /** A divergence begins as a spike, and the gradient norm shows both. */
    private static boolean explains(Fault.Kind kind, Detector detector) {
        boolean rises = kind == Fault.Kind.DIVERGENCE || kind == Fault.Kind.SPIKE;
        return detector(kind) == detector
                || (rises && detector == Detector.GRADIENT)
                || (kind == Fault.Kind.DIVERGENCE && detector == Detector.SPIKE);
    }

    private static Detector detector(Fault.Kind kind) {
        return switch (kind) {
            case SPIKE -> Detector.SPIKE;
            case DIVERGENCE -> Detector.DIVERGENCE;
            case NAN -> Detector.NON_FINITE;
            case STALL -> Detector.STALL;
            case RESTART -> Detector.RESTART;
        };
    }

    private static String name(Fault.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private void check(String name, boolean ok, String detail) {
        checks.add(new Report.Check(name, ok, detail));
    }
}
