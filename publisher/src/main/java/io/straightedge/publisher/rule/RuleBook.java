package io.straightedge.publisher.rule;

import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.publisher.notify.Route;
import io.straightedge.publisher.notify.SinkSpec;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The settings of alerting, complete: what a user left out has its default.
 *
 * @param runDaysPerPage the budget of false pages: a healthy run may cause one in so many days
 * @param runDaysPerWarning the same for warnings
 * @param rules one for every detector
 * @param maxAge what is older is history and told to nobody
 * @param routes which sinks an alert goes to
 * @param sinks by their names
 */
public record RuleBook(
        double runDaysPerPage,
        double runDaysPerWarning,
        Map<Detector, RuleSettings> rules,
        FleetSettings fleet,
        Duration maxAge,
        List<Route> routes,
        List<SinkSpec> sinks) {

    /** Observations a day where a run's own are not known: one in five seconds, a usual step time with logging at each. */
    public static final double USUAL_PER_DAY = 17_280;

    /** Rules that chance may set off on every run, spike, drift, plateau and too good: each has its share of a budget. */
    static final double SHARES = 4;

    /** Needs no editing; tells the log of everything from warnings on. */
    public static final RuleBook DEFAULT = new RuleBook(
            1000,
            10,
            defaults(),
            FleetSettings.DEFAULT,
            Duration.ofHours(1),
            List.of(new Route(Map.of(), Severity.WARNING, List.of("log"))),
            List.of(new SinkSpec("log", SinkSpec.Kind.LOG, null, List.of(), List.of(), false)));

    public RuleBook {
        if (!(runDaysPerPage > 0) || !(runDaysPerWarning > 0)) {
            throw new IllegalArgumentException("run-days per page and per warning must be above 0");
        }
        Map<Detector, RuleSettings> complete = defaults();
        complete.putAll(rules);
        rules = Map.copyOf(complete);
        routes = List.copyOf(routes);
        sinks = List.copyOf(sinks);
    }

    /** How the rule of a detector is set. */
    public RuleSettings of(Detector detector) {
        return Objects.requireNonNull(rules.get(detector));
    }

    private static Map<Detector, RuleSettings> defaults() {
        RuleSettings base = RuleSettings.AT_ONCE;
        Map<Detector, RuleSettings> rules = new EnumMap<>(Detector.class);
        for (Detector detector : Detector.values()) {
            rules.put(
                    detector,
                    switch (detector) {
                        case NON_FINITE, DIVERGENCE, NEVER_LEARNS, SPIKE -> base;
                        case STALL -> base.afterSeconds(900);
                        case GRADIENT, OFF_LAW, UNIT_MISMATCH -> base.most(Severity.WARNING);
                        case DRIFT, PAIRED -> base.afterObservations(3);
                        case PLATEAU -> base.afterObservations(10);
                        case TOO_GOOD -> base.afterObservations(20).most(Severity.WARNING);
                        case OFF_LADDER, SHARED, LAW_JUMP, RESTART, RATE_CHANGE, BATCH_CHANGE ->
                            base.most(Severity.INFO);
                    });
        }
        return rules;
    }
}
