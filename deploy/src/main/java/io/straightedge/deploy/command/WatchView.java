package io.straightedge.deploy.command;

import io.straightedge.ingest.watch.Followed;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Shows what is followed: a table that is drawn again and again on a terminal, else lines about what has changed.
 * Thread-safe.
 */
final class WatchView {

    /** Set by the launcher, which can ask whether standard output is a terminal; Java 17 cannot. */
    private static final String TERMINAL = "straightedge.terminal.out";

    private static final int NOTICES = 5;
    private static final int LONGEST_REASON = 60;
    private static final long SIZE_EVERY_MILLIS = 5_000;
    private static final long LINE_EVERY_MILLIS = 30_000;

    /** What matters most within 80 columns. */
    private static final String FORMAT = "%-28s %10s %8s %7s %10s %8s  %-14s %s";

    /** The terminal must not break what is too long into lines, which would not be counted. */
    private static final String NO_WRAP = "\033[?7l";

    private static final String WRAP = "\033[?7h";

    private final OutputOptions output;
    private final boolean table;
    private final PrintStream out = System.out;
    private final ArrayDeque<String> notices = new ArrayDeque<>();
    private final Map<String, Long> saidSent = new HashMap<>();
    private final Map<String, Long> saidMillis = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Set<String> saidMissing = new HashSet<>();
    private List<Followed> shown = List.of();
    private TerminalSize size = TerminalSize.USUAL;
    private long sizeMillis = Long.MIN_VALUE / 2;
    private long shownMillis;
    private int drawn;

    WatchView(OutputOptions output) {
        this.output = output;
        this.table = !output.json && Boolean.getBoolean(TERMINAL);
    }

    /** Something that people should know of. */
    synchronized void notice(String text) {
        if (!table) {
            output.say(Map.of("notice", text), text);
            return;
        }
        notices.add(text);
        if (notices.size() > NOTICES) {
            notices.remove();
        }
        if (drawn > 0) {
            draw(shown, shownMillis);
        }
    }

    /** How the sources stand now. */
    synchronized void show(List<Followed> sources, long nowMillis) {
        if (table) {
            if (nowMillis - sizeMillis >= SIZE_EVERY_MILLIS) {
                size = TerminalSize.now();
                sizeMillis = nowMillis;
            }
            shown = sources;
            shownMillis = nowMillis;
            sources.forEach(this::noticeMissing);
            draw(sources, nowMillis);
            return;
        }
        for (Followed source : sources) {
            long sent = saidSent.getOrDefault(source.source(), -1L);
            if (known.add(source.source())) {
                notice(source.source() + ": " + source.format() + " (" + reason(source.because()) + ")");
            }
            noticeMissing(source);
            long before = saidMillis.getOrDefault(source.source(), Long.MIN_VALUE / 2);
            if (source.sent() != sent && nowMillis - before >= LINE_EVERY_MILLIS) {
                saidSent.put(source.source(), source.sent());
                saidMillis.put(source.source(), nowMillis);
                output.say(fields(source), line(source));
            }
        }
    }

    private void noticeMissing(Followed source) {
        source.missing().forEach((run, needed) -> {
            if (saidMissing.add(run)) {
                notice(run + ": " + needed);
            }
        });
    }

    /** Why a format was recognised, in a few words: it may quote a long line. */
    static String reason(String because) {
        return because.length() <= LONGEST_REASON ? because : because.substring(0, LONGEST_REASON - 3) + "...";
    }

    private static Map<String, Object> fields(Followed source) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("source", source.source());
        fields.put("runs", source.runs());
        fields.put("format", source.format());
        fields.put("step", source.step());
        fields.put("loss", source.loss());
        fields.put("sent", source.sent());
        fields.put("behindBytes", source.behindBytes());
        fields.put("unreadable", source.unreadable());
        return fields;
    }

    private static String line(Followed source) {
        return String.format(
                Locale.ROOT,
                "%s: step %s, loss %s, %,d losses sent",
                source.source(),
                source.step(),
                source.loss(),
                source.sent());
    }

    private void draw(List<Followed> sources, long nowMillis) {
        List<String> lines = table(sources, notices, size, nowMillis);
        out.print(NO_WRAP + (drawn == 0 ? "" : "\033[" + drawn + "A"));
        lines.forEach(line -> out.print("\r" + line + "\033[K\n"));
        out.print("\033[J" + WRAP);
        out.flush();
        drawn = lines.size();
    }

    /** A table that a terminal of that size can hold: the runs that were written to last, and below it the notices. */
    static List<String> table(List<Followed> sources, Collection<String> notices, TerminalSize size, long nowMillis) {
        List<String> below = new ArrayList<>();
        notices.forEach(notice -> below.addAll(wrapped(notice, size.columns())));
        // The cursor stands on a line of its own.
        int lines = size.rows() - 1;
        int said = Math.min(below.size(), Math.min(lines / 2, lines - 3));
        int rows = lines - said - 1;
        boolean all = sources.size() <= rows;
        List<String> table = new ArrayList<>();
        table.add(String.format(FORMAT, "RUN", "STEP", "LOSS", "AGE", "SENT", "BEHIND", "FORMAT", "STATE"));
        sources.stream()
                .sorted(Comparator.comparingLong(Followed::modifiedMillis).reversed())
                .limit(all ? rows : rows - 1)
                .forEach(source -> table.add(row(source, nowMillis)));
        if (!all) {
            table.add("and " + (sources.size() - rows + 1) + " more");
        }
        table.addAll(below.subList(below.size() - said, below.size()));
        return table.stream().map(line -> clipped(line, size.columns())).toList();
    }

    private static List<String> wrapped(String text, int columns) {
        List<String> lines = new ArrayList<>();
        for (String given : text.split("\\R", -1)) {
            String rest = given;
            while (rest.length() > columns) {
                int space = rest.lastIndexOf(' ', columns);
                int end = space > columns / 2 ? space : columns;
                lines.add(rest.substring(0, end));
                rest = "  " + rest.substring(end).strip();
            }
            lines.add(rest);
        }
        return lines;
    }

    static String row(Followed source, long nowMillis) {
        String run = source.run() == null ? source.source() : source.run();
        String more = source.runs().size() > 1 ? " (" + source.runs().size() + ")" : "";
        return String.format(
                Locale.ROOT,
                FORMAT,
                end(run, 28 - more.length()) + more,
                source.step() == null ? "-" : String.format(Locale.ROOT, "%,d", source.step()),
                source.loss() == null ? "-" : String.format(Locale.ROOT, "%.4f", source.loss()),
                age(Math.max(0, nowMillis - source.modifiedMillis())),
                String.format(Locale.ROOT, "%,d", source.sent()),
                bytes(source.behindBytes()),
                clipped(String.valueOf(source.format()), 14),
                state(source));
    }

    private static String state(Followed source) {
        if (source.gone()) {
            return "gone";
        }
        String incomplete = source.incomplete() == null ? "" : "waits: " + source.incomplete();
        return source.unreadable() > 0 ? source.unreadable() + " unreadable " + incomplete : incomplete;
    }

    private static String bytes(long bytes) {
        return bytes < 1 << 20 ? bytes / 1024 + " KiB" : bytes / (1 << 20) + " MiB";
    }

    private static String age(long millis) {
        long seconds = millis / 1000;
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }

    private static String clipped(String text, int most) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= most ? plain : plain.substring(0, most);
    }

    private static String end(String text, int most) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= most ? plain : "..." + plain.substring(plain.length() - most + 3);
    }
}
