package io.straightedge.publisher.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.signal.Alert.Cost;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.publisher.Found;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RulesTest {

    /** 1e4 observations a day, so a page may be shown once in 1e7 observations and a warning once in 1e5. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // detector, observations, seconds since onset, once per, nats, share; severity, told
                "NON_FINITE,   1,   0, -,        NaN,  -,    WARNING,  true",
                "NON_FINITE,   2,   0, -,        NaN,  -,    CRITICAL, true",
                "DIVERGENCE,   1,   0, 1,        1,    -,    CRITICAL, true",
                "NEVER_LEARNS, 1,   0, -,        1,    -,    CRITICAL, true",
                "STALL,        1, 899, -,        NaN,  -,    CRITICAL, false",
                "STALL,        1, 900, -,        NaN,  -,    CRITICAL, true",
                "STALL,        1, -,   -,        NaN,  -,    CRITICAL, true",
                "SPIKE,        1,   0, 3.9e5,    1,    -,    WARNING,  false",
                "SPIKE,        1,   0, 4e5,      1,    -,    WARNING,  true",
                "SPIKE,        1,   0, Infinity, 9,    0.9,  WARNING,  true",
                "SPIKE,        3,   0, Infinity, 9,    0.9,  WARNING,  true",
                "SPIKE,        4,   0, 3.9e7,    9,    0.9,  WARNING,  true",
                "SPIKE,        4,   0, 4e7,      9,    0.9,  CRITICAL, true",
                "DRIFT,        3,   0, 3.9e5,    0.2,  -,    WARNING,  false",
                "DRIFT,        3,   0, 4e5,      0.2,  -,    WARNING,  true",
                "DRIFT,        3,   0, 3.9e7,    0.2,  -,    WARNING,  true",
                "DRIFT,        3,   0, 4e7,      0.2,  -,    CRITICAL, true",
                "DRIFT,        2,   0, 4e7,      0.2,  -,    CRITICAL, false",
                "DRIFT,        3,   0, 4e7,      0.04, -,    WARNING,  true",
                "DRIFT,        3,   0, 4e7,      0.05, -,    CRITICAL, true",
                "DRIFT,        3,   0, 4e7,      0.04, 0.019, WARNING, true",
                "DRIFT,        3,   0, 4e7,      0.04, 0.02, CRITICAL, true",
                "DRIFT,        3,   0, -,        0.2,  -,    WARNING,  true",
                "DRIFT,        3,   0, 4e5,      0.009, -,   WARNING,  false",
                "DRIFT,        3,   0, 4e5,      0.01, -,    WARNING,  true",
                "DRIFT,        -,   0, Infinity, 0.2,  -,    CRITICAL, true",
                "PLATEAU,      9,   0, Infinity, 0.2,  -,    CRITICAL, false",
                "PLATEAU,     10,   0, Infinity, 0.2,  -,    CRITICAL, true",
                "PAIRED,       3,   0, 4e7,      0.2,  -,    CRITICAL, true",
                "PAIRED,       3,   0, 4e7,      -0.2, -,    WARNING,  true",
                "OFF_LAW,      1,   0, 4e7,      0.2,  -,    WARNING,  true",
                "OFF_LADDER,   1,   0, 4e7,      0.2,  -,    INFO,     true",
                "OFF_LADDER,   1,   0, 3.9e5,    0.2,  -,    INFO,     false",
                "UNIT_MISMATCH, 1,  0, Infinity, 2,    0.9,  WARNING,  true",
                "LAW_JUMP,     1,   0, Infinity, NaN,  -,    INFO,     true",
                "GRADIENT,     1,   0, 3.9e5,    NaN,  -,    WARNING,  false",
                "GRADIENT,     1,   0, Infinity, NaN,  0.9,  WARNING,  true",
                "TOO_GOOD,    20,   0, Infinity, -0.09, -,   WARNING,  true",
                "TOO_GOOD,    20,   0, Infinity, -0.5, -,    WARNING, true",
                "TOO_GOOD,    19,   0, 4e5,      -0.5, -,    WARNING,  false",
                "TOO_GOOD,    20,   0, 4e5,      -0.5, -,    WARNING,  true",
                "RESTART,      1,   0, -,        NaN,  -,    INFO,     true",
                "RATE_CHANGE,  1,   0, 1,        NaN,  -,    INFO,     true",
                "BATCH_CHANGE, 1,   0, 1,        NaN,  -,    INFO,     true",
            })
    void judge_byDefault_givesSeverityAndWhetherToTell(
            Detector detector,
            @Nullable Long observations,
            @Nullable Long seconds,
            @Nullable Double oncePer,
            double nats,
            @Nullable Double share,
            Severity severity,
            boolean tell) {
        Deviation deviation = Found.by(detector)
                .observations(observations)
                .oncePer(oncePer)
                .perDay(1e4)
                .size(nats)
                .time(seconds == null ? null : Found.NOON.plusSeconds(seconds))
                .deviation();
        Cost cost = share == null ? null : new Cost(2, 2.1, null, share);

        assertThat(Rules.judge(finding(deviation, cost, RuleBook.DEFAULT))).isEqualTo(new Verdict(severity, tell));
    }

    @Test
    void judge_paceNotKnown_takesTheUsualOne() {
        Found found = Found.by(Detector.DRIFT).perDay(null);

        assertThat(Rules.judge(finding(found.oncePer(69_120_000.0).deviation(), null, RuleBook.DEFAULT)))
                .isEqualTo(new Verdict(Severity.CRITICAL, true));
        assertThat(Rules.judge(finding(found.oncePer(69_119_000.0).deviation(), null, RuleBook.DEFAULT)))
                .isEqualTo(new Verdict(Severity.WARNING, true));
    }

    @Test
    void judge_severityCapped_staysBelow() {
        Deviation deviation = Found.by(Detector.NON_FINITE).deviation();
        Finding finding = new Finding(
                deviation, null, RuleBook.DEFAULT.of(Detector.NON_FINITE).most(Severity.WARNING), RuleBook.DEFAULT);

        assertThat(Rules.judge(finding)).isEqualTo(new Verdict(Severity.WARNING, true));
    }

    @ParameterizedTest
    @EnumSource(Detector.class)
    void name_isTheDetectorsOnTheWire(Detector detector) throws Exception {
        byte[] json = Json.write(Found.by(detector).deviation());

        assertThat(Json.tree(json).get("detector").asText()).isEqualTo(Rules.name(detector));
    }

    private static Finding finding(Deviation deviation, @Nullable Cost cost, RuleBook book) {
        return new Finding(deviation, cost, book.of(deviation.detector()), book);
    }
}
