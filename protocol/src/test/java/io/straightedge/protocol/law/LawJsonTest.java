package io.straightedge.protocol.law;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LawJsonTest {

    private static ScalingLaw read(String json) throws MessageException {
        return Json.read(json.getBytes(UTF_8), ScalingLaw.class);
    }

    @ParameterizedTest
    @MethodSource("io.straightedge.protocol.law.SampleLaws#names")
    void law_writtenAndRead_isTheSame(String name) throws MessageException {
        ScalingLaw law = SampleLaws.named(name);
        assertThat(Json.read(Json.write(law), ScalingLaw.class)).isEqualTo(law);
    }

    /** The names on the wire are for ever. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chinchilla | {'form':'chinchilla','E':1.5,'A':400.0,'B':410.0,'alpha':0.34,'beta':0.28}",
                "kaplan | {'form':'kaplan','Nc':6.4E13,'Dc':1.8E13,'alphaN':0.076,'alphaD':0.103}",
                "steps | {'form':'kaplan-steps','Nc':6.5E13,'Sc':2100.0,'alphaN':0.077,'alphaS':0.76}",
                "overtraining | {'form':'overtraining','E':1.8,'a':200.0,'b':300.0,'eta':0.13}",
                "gamma | {'form':'chinchilla-gamma','E':1.2,'A':1.0,'B':2.0,'alpha':0.4,'beta':0.5,'gamma':0.6}",
                "farseer | {'form':'farseer','s':1.0,'q':2.0,'S':3.0,'B':4.0,'b':5.0,'Q':6.0,'A':7.0,'a':8.0,'E':9.0}",
                "power | {'form':'power','variable':'params','scale':8.8E13,'exponent':0.076}",
                "saturating | {'form':'saturating','variable':'compute','E':1.7,'A':1200.0,'a':0.15}",
                "repeats | {'form':'data-constrained','base':{'form':'chinchilla','E':1.5,'A':400.0,'B':410.0,"
                        + "'alpha':0.34,'beta':0.28},'repeatDecayTokens':15.0,'repeatDecayParams':5.0}",
                "limited | {'form':'limited-data','law':{'form':'data-constrained','base':{'form':'chinchilla',"
                        + "'E':1.5,'A':400.0,'B':410.0,'alpha':0.34,'beta':0.28},'repeatDecayTokens':15.0,"
                        + "'repeatDecayParams':5.0},'uniqueTokens':'Infinity'}"
            },
            quoteCharacter = '"')
    void law_onTheWire_hasTheseNames(String name, String json) throws MessageException {
        String written = json.replace('\'', '"');
        assertThat(new String(Json.write(read(written)), UTF_8)).as(name).isEqualTo("{\"v\":1," + written.substring(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"form\":\"power\",\"scale\":1,\"exponent\":1}",
                "{\"form\":\"power\",\"variable\":\"params\",\"scale\":\"NaN\",\"exponent\":1}",
                "{\"form\":\"kaplan\",\"Nc\":\"Infinity\",\"Dc\":1,\"alphaN\":1,\"alphaD\":1}",
                "{\"form\":\"data-constrained\",\"repeatDecayTokens\":1,\"repeatDecayParams\":1}",
                "{\"form\":\"limited-data\",\"uniqueTokens\":1}",
                "{\"form\":\"no-such-law\"}"
            })
    void law_thatIsNone_isRefused(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(MessageException.class);
    }

    @Test
    void plans_withInfinitiesAndNaN_comeBackAsTheyWere() throws MessageException {
        Allocation open = new Allocation(Double.POSITIVE_INFINITY, 1e9, Double.POSITIVE_INFINITY, Double.NaN);
        assertThat(Json.read(Json.write(open), Allocation.class)).isEqualTo(open);
        ServedPlan plan = new ServedPlan(open, open, 1e12, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
        assertThat(Json.read(Json.write(plan), ServedPlan.class)).isEqualTo(plan);
    }

    @Test
    void presets_writtenAndRead_areTheSame() throws MessageException {
        for (Preset preset : Presets.all()) {
            assertThat(Json.read(Json.write(preset), Preset.class)).isEqualTo(preset);
        }
        assertThat(Json.read(Json.write(Presets.KAPLAN_ALLOCATION), KaplanAllocation.class))
                .isEqualTo(Presets.KAPLAN_ALLOCATION);
        assertThat(Json.read(Json.write(Presets.STEP_LAW), StepLawRecipe.class)).isEqualTo(Presets.STEP_LAW);
        assertThat(Json.read(Json.write(Presets.KAPLAN_CRITICAL_BATCH), CriticalBatch.class))
                .isEqualTo(Presets.KAPLAN_CRITICAL_BATCH);
    }
}
