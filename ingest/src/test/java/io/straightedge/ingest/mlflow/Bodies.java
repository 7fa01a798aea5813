package io.straightedge.ingest.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Bodies of requests as MLflow's clients write them. */
final class Bodies {

    private Bodies() {}

    static String batch(String run, String metrics, String params) {
        return "{\"run_id\":\"" + run + "\",\"metrics\":" + metrics + ",\"params\":" + params + ",\"tags\":[]}";
    }

    /** What the Trainer logs of a step; numbers as Python's client writes them. */
    static String row(long step, double loss, String gradNorm) {
        return metrics("loss=" + loss + " grad_norm=" + gradNorm + " learning_rate=0.0003 epoch=0.01", step);
    }

    static String metrics(String pairs, long step) {
        return Arrays.stream(pairs.split(" ", -1))
                .map(pair -> pair.split("=", 2))
                .map(pair -> "{\"key\":\"" + pair[0] + "\",\"value\":" + pair[1]
                        + ",\"timestamp\":1795469965619,\"step\":" + step + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    static String many(int number) {
        return metrics(IntStream.range(0, number).mapToObj(i -> "m" + i + "=1").collect(Collectors.joining(" ")), 1);
    }

    static String params(String pairs) {
        return Arrays.stream(pairs.split(" ", -1))
                .map(pair -> pair.split("=", 2))
                .map(pair -> "{\"key\":\"" + pair[0] + "\",\"value\":\"" + pair[1] + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    static String tag(String run, String key, String value) {
        return "{\"run_uuid\":\"" + run + "\",\"run_id\":\"" + run + "\",\"key\":\"" + key + "\",\"value\":\"" + value
                + "\"}";
    }

    static void assertRefused(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(Gateway.json(response).get("error_code").asText()).startsWith(code);
        assertThat(Gateway.json(response).get("message").asText()).isNotBlank();
    }
}
