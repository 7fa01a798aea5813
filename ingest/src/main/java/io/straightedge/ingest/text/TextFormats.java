package io.straightedge.ingest.text;

import io.straightedge.ingest.metric.Wanted;
import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The formats of text logs. */
public final class TextFormats {

    /** All, in the order in which they are tried; their lines differ, so that the order does not matter. */
    public static final List<Format> ALL = List.of(
            new TextFormat(
                    "megatron",
                    "the console of Megatron-LM and Megatron-DeepSpeed",
                    options -> new MegatronLines(new Wanted(options.columns()))),
            new TextFormat("nemo", "the console of NeMo, its lines or its progress bar", NemoLines::new),
            new TextFormat("torchtitan", "the console of torchtitan", options -> new TorchtitanLines()),
            new TextFormat(
                    "olmo-core",
                    "the console of OLMo-core",
                    options -> new OlmoCoreLines(new Wanted(options.columns()))),
            new TextFormat("llmc-log", "main.log of llm.c", options -> new LlmcMainLog()),
            new TextFormat("llmc-console", "the console of llm.c", options -> new LlmcConsole()),
            new TextFormat("modded-nanogpt", "logs of modded-nanogpt", options -> new ModdedNanogptLines()),
            new TextFormat(
                    "build-nanogpt", "the console and log.txt of build-nanogpt", options -> new BuildNanogptLines()),
            new TextFormat("nanogpt", "the console of nanoGPT", options -> new NanogptLines()),
            new TextFormat(
                    "hf-console",
                    "the console of the Hugging Face Trainer, with its progress bar",
                    options -> new HfConsoleLines(new Wanted(options.columns()))),
            new OwnPattern());

    private TextFormats() {}

    /** Lines of the user's own, which nothing gives away. */
    private record OwnPattern() implements Format {

        @Override
        public String name() {
            return "pattern";
        }

        @Override
        public String description() {
            return "lines that match a pattern of your own, with groups named step and loss";
        }

        @Override
        public @Nullable String recognise(String fileName, byte[] head) {
            return null;
        }

        @Override
        public SourceReader open(SourceOptions options) {
            return new TextReader(new PatternLines(options));
        }
    }
}
