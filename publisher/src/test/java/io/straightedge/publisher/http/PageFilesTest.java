package io.straightedge.publisher.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PageFilesTest extends ServedSample {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/, text/html; charset=utf-8",
                "/app.js, text/javascript; charset=utf-8",
                "/charts.js, text/javascript; charset=utf-8",
                "/style.css, text/css; charset=utf-8",
                "/icon.svg, image/svg+xml",
                "/openapi.json, application/json; charset=utf-8",
                "/webjars/uplot/1.6.30/uPlot.esm.js, text/javascript; charset=utf-8",
                "/webjars/uplot/1.6.30/uPlot.min.css, text/css; charset=utf-8"
            })
    void file_get_hasItsTypeATagAndTheGuards(String expected) throws Exception {
        String path = expected.substring(0, expected.indexOf(','));
        String type = expected.substring(expected.indexOf(',') + 2);

        HttpResponse<String> response = get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "content-type")).isEqualTo(type);
        assertThat(header(response, "content-security-policy"))
                .contains("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(header(response, "x-content-type-options")).isEqualTo("nosniff");
        assertThat(header(response, "referrer-policy")).isEqualTo("same-origin");
        HttpResponse<String> again = CLIENT.send(
                request(path).header("If-None-Match", header(response, "etag")).build(), BodyHandlers.ofString());
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void page_everyModuleItNames_isServed() throws Exception {
        for (String name : staticFiles()) {
            if (name.endsWith(".js")) {
                String script = get("/" + name).body();
                for (String line : script.lines().toList()) {
                    if (line.startsWith("import ")) {
                        String target =
                                line.replaceAll(".* from '(.*)';$", "$1").replaceFirst("^\\./", "/");
                        assertThat(get(target).statusCode())
                                .as(name + " imports " + target)
                                .isEqualTo(200);
                    }
                }
            }
        }
    }

    @Test
    void page_sources_neverParseTextAsMarkupAndHoldNothingInline() throws Exception {
        for (String name : staticFiles()) {
            String source = get(name.equals("index.html") ? "/" : "/" + name).body();
            assertThat(source)
                    .as(name)
                    .doesNotContain(
                            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function")
                    .doesNotContainPattern("(?i)<script(?![^>]* src=)[^>]*>")
                    .doesNotContainPattern("(?i)\\sstyle=")
                    .doesNotContainPattern("(?i)<[a-z][^>]*\\son[a-z]+=");
        }
    }

    private static List<String> staticFiles() throws Exception {
        Path folder = Path.of(Objects.requireNonNull(PublisherRoutes.class.getResource("/static/index.html"))
                        .toURI())
                .resolveSibling("");
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            assertThat(names).hasSizeGreaterThan(10);
            return names;
        }
    }
}
