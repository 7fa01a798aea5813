package io.straightedge.ingest.mlflow;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run is, beside its parameters, tags and metrics.
 *
 * @param run its name in the study: settled before its first loss, as another later would split its curve
 * @param runName its name for people, which may change
 * @param status RUNNING, SCHEDULED, FINISHED, FAILED or KILLED
 * @param startTime epoch milliseconds
 * @param attempt how often it was taken up again; 0 until it is
 */
record RunInfo(
        String id,
        String experimentId,
        String study,
        String run,
        String runName,
        String userId,
        String status,
        long startTime,
        @Nullable Long endTime,
        boolean deleted,
        int attempt) {

    static final String RUNNING = "RUNNING";

    RunInfo with(String newStatus, @Nullable Long newEnd, int newAttempt) {
        return new RunInfo(
                id, experimentId, study, run, runName, userId, newStatus, startTime, newEnd, deleted, newAttempt);
    }

    RunInfo renamed(String newName) {
        return new RunInfo(id, experimentId, study, run, newName, userId, status, startTime, endTime, deleted, attempt);
    }

    /** The same run in another study. */
    RunInfo in(String newStudy, String nameThere) {
        return new RunInfo(
                id, experimentId, newStudy, nameThere, runName, userId, status, startTime, endTime, deleted, attempt);
    }

    RunInfo deleted(boolean nowDeleted) {
        return new RunInfo(
                id, experimentId, study, run, runName, userId, status, startTime, endTime, nowDeleted, attempt);
    }

    /** Whether the run has ended. */
    boolean ended() {
        return status.equals("FINISHED") || status.equals("FAILED") || status.equals("KILLED");
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("run_id", id);
        json.put("run_uuid", id);
        json.put("run_name", runName);
        json.put("experiment_id", experimentId);
        json.put("user_id", userId);
        json.put("status", status);
        json.put("start_time", startTime);
        if (endTime != null) {
            json.put("end_time", endTime);
        }
        json.put("artifact_uri", "mlflow-artifacts:/" + experimentId + "/" + id + "/artifacts");
        json.put("lifecycle_stage", deleted ? "deleted" : "active");
        return json;
    }
}
