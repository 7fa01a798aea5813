"""Sends a training run's losses to Straightedge. Standard library only; copy the file next to your training script.

    from straightedge_callback import Straightedge

    straightedge = Straightedge("http://localhost:8080", study="ladder", run="190M",
                                params=190e6, plannedSteps=7200, tokensPerStep=524288,
                                schedule={"kind": "cosine", "warmupSteps": 200, "peak": 3e-4})
    for step, batch in enumerate(batches, 1):
        loss = train(model, batch)
        straightedge.log(step, loss.item(), lr=scheduler.get_last_lr()[0])
    straightedge.end("finished")

With the Hugging Face Trainer:

    trainer.add_callback(HfCallback("http://localhost:8080", study="ladder", run="190M"))

Nothing here waits for the network or raises: losses go through a bounded queue to a daemon thread. While the gateway is
away they wait there; when the queue is full the oldest are dropped and counted in `dropped`. At exit what waits is sent
for at most two seconds. A token is taken from STRAIGHTEDGE_TOKEN unless given.
"""

import atexit
import collections
import json
import math
import os
import random
import threading
import time
import urllib.error
import urllib.request

_QUEUE = 10_000
_BATCH = 1_000
_BATCH_BYTES = 900_000
_FIRST_WAIT = 0.25
_LONGEST_WAIT = 30.0
_EXIT_SECONDS = 2.0
_REQUEST_SECONDS = 10.0


def _number(value):
    """A number as JSON can carry it; None when it is none."""
    if value is None:
        return None
    try:
        number = float(value)
    except Exception:
        return None
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return number


class Straightedge:
    """One run. `manifest` takes the fields of a run event: params, plannedSteps, tokensPerStep, schedule ..."""

    def __init__(self, url, study, run, token=None, **manifest):
        self._url = url.rstrip("/") + "/v1/events"
        self._names = {"study": str(study), "run": str(run)}
        self._token = token or os.environ.get("STRAIGHTEDGE_TOKEN")
        self._lines = collections.deque()
        self._changed = threading.Condition()
        self._manifest = None
        self._closing = None
        self.dropped = 0
        self.rejected = 0
        self.sent = 0
        # No proxy: gateways are inside. Redirects would carry the token elsewhere.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
        self._thread = threading.Thread(target=self._run, name="straightedge", daemon=True)
        self._thread.start()
        atexit.register(self.close)
        if manifest:
            self.manifest(**manifest)

    def manifest(self, **fields):
        """Says what is known of the run; replaces what was said before. Is not dropped however long the queue gets."""
        line = self._line(dict(fields, type="run"))
        if line:
            with self._changed:
                self._manifest = line
                self._changed.notify_all()

    def log(self, step, loss, lr=None, grad_norm=None, tokens=None, split="train"):
        """Logs a loss. Never waits, never raises."""
        try:
            event = {"type": "loss", "step": int(step), "loss": _number(loss), "split": str(split), "time": int(time.time() * 1000)}
            for name, value in (("lr", lr), ("gradNorm", grad_norm), ("tokens", tokens)):
                number = _number(value)
                if number is not None:
                    event[name] = number
            self._put(event)
        except Exception:
            self.dropped += 1

    def end(self, outcome="finished"):
        """Says how the run ended: finished, failed or killed."""
        self._put({"type": "end", "outcome": str(outcome), "time": int(time.time() * 1000)})

    def close(self, seconds=_EXIT_SECONDS):
        """Sends what waits, for so long at most."""
        with self._changed:
            if self._closing is None:
                self._closing = time.monotonic() + seconds
            self._changed.notify_all()
        self._thread.join(seconds)

    def _line(self, event):
        try:
            return json.dumps(dict(event, **self._names), allow_nan=False).encode()
        except Exception:
            self.dropped += 1
            return None

    def _put(self, event):
        line = self._line(event)
        if not line:
            return
        with self._changed:
            if len(self._lines) >= _QUEUE:
                self._lines.popleft()
                self.dropped += 1
            self._lines.append(line)
            self._changed.notify_all()

    def _run(self):
        wait = _FIRST_WAIT
        batch = []
        while True:
            if not batch:
                batch = self._take()
            if not batch:
                return
            asked = self._post(batch)
            if asked is None:
                batch = []
                wait = _FIRST_WAIT
                continue
            pause = asked or wait * random.uniform(0.5, 1.0)
            wait = min(2 * wait, _LONGEST_WAIT)
            if self._pause(pause):
                return

    def _take(self):
        """The next lines; none when nothing more will come."""
        with self._changed:
            while not self._lines and not self._manifest and self._closing is None:
                self._changed.wait()
            batch = [self._manifest] if self._manifest else []
            size = len(self._manifest or b"")
            self._manifest = None
            while self._lines and len(batch) < _BATCH and size + len(self._lines[0]) < _BATCH_BYTES:
                size += len(self._lines[0]) + 1
                batch.append(self._lines.popleft())
            if self._lines and not batch:
                self._lines.popleft()
                self.dropped += 1
            return batch

    def _pause(self, seconds):
        """Waits; whether it is time to give up."""
        until = time.monotonic() + seconds
        with self._changed:
            while True:
                now = time.monotonic()
                end = until if self._closing is None else min(until, self._closing)
                if now >= end:
                    return self._closing is not None and now >= self._closing
                self._changed.wait(end - now)

    def _post(self, batch):
        """None when the gateway is done with the lines; else seconds that it asks to wait, 0 for as long as we like."""
        headers = {"Content-Type": "application/x-ndjson"}
        if self._token:
            headers["Authorization"] = "Bearer " + self._token
        try:
            request = urllib.request.Request(self._url, b"\n".join(batch) + b"\n", headers)
            with self._opener.open(request, timeout=_REQUEST_SECONDS) as answer:
                answer.read()
            self.sent += len(batch)
            return None
        except urllib.error.HTTPError as error:
            return self._refused(error, batch)
        except Exception:
            return 0

    def _refused(self, error, batch):
        try:
            if error.code in (408, 429) or error.code >= 500:
                after = error.headers.get("Retry-After", "")
                return min(float(after), 300.0) if after.isdigit() else 0
            body = error.read(1 << 20)
            rejected = len(batch)
            if error.code == 400:
                rejected = int(json.loads(body).get("rejectedCount", len(batch)))
            self.rejected += rejected
            self.sent += len(batch) - rejected
            return None
        except Exception:
            return 0
        finally:
            error.close()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


class HfCallback:
    """For the Hugging Face Trainer; has the methods of a TrainerCallback without needing transformers to be imported."""

    def __init__(self, url, study, run, token=None, **manifest):
        self._manifest = manifest
        self._ended = False
        self._straightedge = Straightedge(url, study, run, token)

    def __getattr__(self, name):
        # The Trainer calls every event's method; those that are not written here do nothing.
        if name.startswith("on_"):
            return lambda *arguments, **named: None
        raise AttributeError(name)

    @staticmethod
    def _main(state):
        return getattr(state, "is_world_process_zero", True)

    def on_train_begin(self, args, state, control, model=None, **named):
        if not self._main(state):
            return
        fields = {}
        try:
            if getattr(state, "max_steps", 0) > 0:
                fields["plannedSteps"] = int(state.max_steps)
            if model is not None:
                fields["params"] = float(sum(parameter.numel() for parameter in model.parameters()))
                fields["paramsCount"] = "total"
            kind = getattr(args, "lr_scheduler_type", None)
            kind = getattr(kind, "value", kind)
            if kind in ("linear", "cosine", "constant", "constant_with_warmup"):
                warmup = getattr(args, "get_warmup_steps", lambda steps: getattr(args, "warmup_steps", 0))(state.max_steps)
                fields["schedule"] = {"kind": kind, "warmupSteps": int(warmup), "peak": float(args.learning_rate)}
        except Exception:
            pass
        fields.update(self._manifest)
        if fields:
            self._straightedge.manifest(**fields)

    def on_log(self, args, state, control, logs=None, **named):
        if not self._main(state) or not logs:
            return
        tokens = logs.get("num_input_tokens_seen")
        if "loss" in logs:
            self._straightedge.log(
                state.global_step, logs["loss"], lr=logs.get("learning_rate"), grad_norm=logs.get("grad_norm"), tokens=tokens
            )
        for name, value in logs.items():
            if name.startswith("eval_") and name.endswith("_loss") or name == "eval_loss":
                split = "val" if name == "eval_loss" else "val/" + name[len("eval_"):-len("_loss")]
                self._straightedge.log(state.global_step, value, tokens=tokens, split=split)

    def on_train_end(self, args, state, control, **named):
        if self._main(state) and not self._ended:
            self._ended = True
            finished = state.global_step >= getattr(state, "max_steps", 0)
            self._straightedge.end("finished" if finished else "killed")
