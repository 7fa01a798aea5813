package io.straightedge.publisher.http;

import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;
import io.straightedge.publisher.view.Change;
import io.straightedge.publisher.view.RunId;
import io.straightedge.publisher.view.RunView;
import io.straightedge.publisher.view.StudyView;
import io.straightedge.publisher.view.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one caller may see of the view; the rest is as if it were not there. Every answer is made from this and from
 * nothing else, so that no route can forget to ask.
 *
 * @param scope that makes a study visible: of reading, or for a command of administering
 */
record Visible(View view, Caller caller, Scope scope) {

    boolean caughtUp() {
        return view.caughtUp();
    }

    List<StudyView> studies() {
        return view.studies().stream().filter(study -> may(study.study())).toList();
    }

    @Nullable
    StudyView study(String name) {
        return may(name) ? view.study(name) : null;
    }

    List<RunView> runs() {
        return view.runs().stream().filter(run -> may(run.id().study())).toList();
    }

    List<RunView> runs(String study) {
        return may(study) ? view.runs(study) : List.of();
    }

    @Nullable
    RunView run(RunId id) {
        return may(id.study()) ? view.run(id) : null;
    }

    List<Alert> alerts() {
        return view.alerts().stream().filter(alert -> may(alert.study())).toList();
    }

    @Nullable
    Alert alert(String id) {
        Alert alert = view.alert(id);
        return alert != null && may(alert.study()) ? alert : null;
    }

    List<AlertCommand> silences() {
        return view.silences().stream().filter(silence -> may(silence.study())).toList();
    }

    List<Change> changes(List<Change> all) {
        return all.stream().filter(change -> may(change.study())).toList();
    }

    private boolean may(String study) {
        return caller.may(scope, study);
    }
}
