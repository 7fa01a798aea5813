package io.straightedge.ingest.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTextTest {

    @Test
    void text_becomesTheFieldsOfASchedule() {
        assertThat(ScheduleText.fields("cosine:warmup=2k,peak=3e-4,final=3e-5"))
                .containsEntry("kind", "cosine")
                .containsEntry("warmupSteps", 2000L)
                .containsEntry("peak", 3e-4)
                .containsEntry("finalLr", 3e-5);
        assertThat(ScheduleText.fields("wsd:decay-start=8000,decay-shape=minus_sqrt"))
                .containsEntry("decayStartStep", 8000L)
                .containsEntry("decayShape", "minus_sqrt");
        assertThat(ScheduleText.fields("constant")).containsOnlyKeys("kind");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cosin|schedule.kind cosin is not known",
                "cosine:warm=1|warm=1 is not one of",
                "cosine:warmup|warmup is not one of",
                "cosine:warmup=1.5|must be a whole number",
                "cosine:peak=high|high is no number",
                "cosine:peak=-1|schedule.peak is -1.0",
                "wsd|decayStartStep is missing"
            })
    void wrongText_saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> ScheduleText.fields(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"3e9,3e9", "1.5B,1.5e9", "124M,1.24e8", "512k,512000", "1_000,1000", "2T,2e12", "-1,-1"})
    void quantity_isReadAsPeopleWriteIt(String text, double number) {
        assertThat(Quantity.of(text)).isEqualTo(number);
    }
}
