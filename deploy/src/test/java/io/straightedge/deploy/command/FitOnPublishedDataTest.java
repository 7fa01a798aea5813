package io.straightedge.deploy.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.deploy.offline.FitReport;
import io.straightedge.deploy.offline.FitReport.Bounds;
import io.straightedge.deploy.offline.FitReport.Spread;
import io.straightedge.deploy.offline.IsoFlopReport.Trends;
import io.straightedge.protocol.codec.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command on data whose answers are known: Chinchilla's figure 4 as Epoch read it, and published IsoFLOP sets. */
final class FitOnPublishedDataTest {

    private static final String EPOCH = "epoch_chinchilla/svg_extracted_data.csv";
    private static final String ISOFLOPS = "isoflops/finals.csv";

    @Test
    void fit_ofEpochsPoints_reachesTheKnownOptimum() throws Exception {
        FitReport report = report(EPOCH, "--tokens-from-flops", "--drop-highest-loss", "5", "--budget", "5.76e23");
        assertThat(report.points()).isEqualTo(240);
        assertThat(Objects.requireNonNull(report.objective())).isLessThanOrEqualTo(1.018274017801e-3 * (1 + 1e-9));
        assertThat(report.coefficients().get("alpha")).isCloseTo(0.347310, within(1e-6));
        assertThat(report.coefficients().get("beta")).isCloseTo(0.367172, within(1e-6));
        assertThat(report.coefficients().get("A")).isCloseTo(477.826, within(1e-3));
        assertThat(report.coefficients().get("B")).isCloseTo(2143.417, within(1e-3));
        assertThat(report.coefficients().get("E")).isCloseTo(1.817218, within(1e-6));
        assertThat(Objects.requireNonNull(report.certificate()).certified()).isTrue();
        assertThat(report.optimum().get(0).params()).isCloseTo(7.31904e10, within(0.00001e10));
        assertThat(report.provenance().dropped()).isEqualTo(5);
    }

    /** Monte-Carlo error of 1,000 draws: about 2 % of a standard deviation, more for the tails. */
    @Test
    void bootstrap_ofEpochsPoints_hasThePublishedSpread() throws Exception {
        FitReport report =
                report(EPOCH, "--drop-highest-loss", "5", "--budget", "5.76e23", "--bootstrap", "1000", "--seed", "42");
        FitReport.BootstrapReport bootstrap = Objects.requireNonNull(report.bootstrap());
        spread(bootstrap, "alpha", 0.01540, 0.317, 0.373);
        spread(bootstrap, "beta", 0.02060, 0.331, 0.415);
        spread(bootstrap, "E", 0.02566, 1.769, 1.871);
        Bounds params = report.optimum().get(0).intervals().params();
        assertThat(params.lower95()).isCloseTo(5.175e10, within(0.4e10));
        assertThat(params.upper95()).isCloseTo(1.124e11, within(0.1e11));
        assertThat(Objects.requireNonNull(report.identified()).correlations().get("A,alpha"))
                .isCloseTo(0.99932, within(0.0005));
    }

    @ParameterizedTest
    @CsvSource({
        "epochai_chinchilla__massivetext__chinchilla, 85,  .541421, .458579, 9.754e10",
        "llama_3__exp_loss,                           115, .495261, .504739, 7.670e10",
        "llama_3__raw_loss,                           116, .500000, .500000, 7.946e10",
        "marin_202603__comma__llama_2,                80,  .426407, .551672, 5.17e10",
    })
    void approachTwo_ofPublishedSets_givesThePublishedTrends(
            String family, int points, double a, double b, double params) throws Exception {
        FitReport report =
                report(ISOFLOPS, "--family", family, "--where", "outlier=0", "--approach", "2", "--budget", "5.76e23");
        assertThat(report.points()).isEqualTo(points);
        Trends parabola =
                Objects.requireNonNull(Objects.requireNonNull(report.isoflop()).parabola());
        assertThat(parabola.a()).isCloseTo(a, within(1e-6));
        assertThat(parabola.b()).isCloseTo(b, within(1e-6));
        assertThat(report.optimum().get(0).params()).isCloseTo(params, within(0.001 * params));
    }

    @ParameterizedTest
    @CsvSource({ISOFLOPS, "porian/finals.csv", "gadre/finals.csv", "gemstones/finals.csv"})
    void fit_ofAFileOfSeveralFamilies_isRefused(String file) {
        CommandLineRun run = CommandLineRun.of("fit", data(file), "--json");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("several families, which no one law need fit");
    }

    private static void spread(FitReport.BootstrapReport bootstrap, String name, double sd, double low, double high) {
        Spread spread = Objects.requireNonNull(bootstrap.coefficients().get(name));
        assertThat(spread.sd()).isCloseTo(sd, within(0.1 * sd));
        assertThat(spread.lower95()).isCloseTo(low, within(0.35 * sd));
        assertThat(spread.upper95()).isCloseTo(high, within(0.35 * sd));
    }

    private static FitReport report(String file, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("fit", data(file), "--json"));
        arguments.addAll(List.of(options));
        CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
        assertThat(run.exit()).as(run.err()).isZero();
        return Json.read(run.out().getBytes(UTF_8), FitReport.class);
    }

    private static String data(String name) {
        Path file = Path.of(System.getProperty("straightedge.data", "../../shared/data"), name);
        Assumptions.assumeTrue(Files.exists(file), () -> "skipped: no real data at " + file);
        return file.toString();
    }
}
