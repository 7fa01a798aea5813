package io.straightedge.ingest.wandb;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.Reading;
import io.straightedge.ingest.watch.Formats;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecogniseTest {

    @ParameterizedTest
    @CsvSource({
        "tensorboard_simple_value/events.out.tfevents.1585769947.cvp, tensorboard",
        "tensorboard_tensor_v2/events.out.tfevents.1696062588.t1v-n-b53f7f3e-w-0.18448.1.v2, tensorboard",
        "wandb_export.csv, wandb-chart",
        "wandb_export_k2.csv, wandb-chart",
        "losscast/nanochat_d12_1B_mlr0.01_wd0.05_wr0.2/losses.json, losscast-losses",
        "losscast/nanochat_d12_1B_mlr0.01_wd0.05_wr0.2/config.json, losscast-config"
    })
    void recognise_realFile_isOfItsFormatAlone(String name, String format) {
        Path file = Reading.file("formats/" + name);
        byte[] bytes = Reading.bytes(file);
        byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, Format.HEAD_BYTES));
        assertThat(Formats.recognise(String.valueOf(file.getFileName()), head))
                .isNotNull()
                .extracting(Formats.Recognised::format)
                .isSameAs(Formats.named(format));
    }
}
