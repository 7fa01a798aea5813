package io.straightedge.deploy.offline;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.law.Preset;
import io.straightedge.protocol.law.Presets;
import io.straightedge.protocol.law.ScalingLaw;
import io.straightedge.protocol.law.SurfaceLaw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A law to plan by, and where it comes from.
 *
 * @param name of the law
 * @param source file, or publication
 * @param note what to know before using it; empty for nothing
 */
public record LawSource(String name, String source, String note, LawEstimate estimate) {

    /**
     * What {@code straightedge fit --json} printed.
     *
     * @param budgetsFlops to plan for
     * @throws IllegalArgumentException where the file is not that, or holds no law of N and D
     */
    public static LawSource file(Path file, List<Double> budgetsFlops) throws IOException {
        if (Files.notExists(file)) {
            throw new IllegalArgumentException("there is no file " + file);
        }
        LawFile held;
        try {
            held = Json.read(Files.readAllBytes(file), LawFile.class);
        } catch (MessageException e) {
            throw new IllegalArgumentException(
                    file + " is not what straightedge fit --json prints: " + e.getMessage(), e);
        }
        if (held.refused() != null) {
            throw new IllegalArgumentException(file + " holds no law: " + held.refused());
        }
        String name = held.law();
        if (name == null || held.coefficients().isEmpty()) {
            throw new IllegalArgumentException(
                    file + " is not what straightedge fit --json prints: law and coefficients are needed");
        }
        return new LawSource(
                name, file.toString(), "", held.estimate(name, surface(name, held.law(name)), budgetsFlops));
    }

    /**
     * A published law.
     *
     * @param budgetsFlops to plan for
     * @throws IllegalArgumentException where there is none of that name of N and D; the text lists the names
     */
    public static LawSource preset(String name, List<Double> budgetsFlops) {
        Preset preset = Presets.named(name);
        SurfaceLaw law = surface(name, preset.law());
        LawEstimate estimate = Estimates.published(name, law, preset.paramsCount(), budgetsFlops);
        return new LawSource(name, preset.source(), preset.note(), estimate);
    }

    /** Names of the published laws that split a budget. */
    public static List<String> presets() {
        return Presets.all().stream()
                .filter(preset -> preset.law() instanceof SurfaceLaw)
                .map(Preset::name)
                .toList();
    }

    private static SurfaceLaw surface(String name, ScalingLaw law) {
        if (law instanceof SurfaceLaw surface) {
            return surface;
        }
        throw new IllegalArgumentException(name
                + " is no law of both N and D, so it does not say how to split a budget; published ones that do: "
                + String.join(", ", presets()));
    }
}
