// The tables' state, kept current by server-sent events.

// What a form of another site cannot send along.
const OURS = { 'X-Requested-With': 'straightedge' };

const collator = new Intl.Collator('en', { numeric: true });
const runKey = (study, run) => JSON.stringify([study, run]);

/** A store of studies and runs; `onchange` is called at most once per frame. */
export function connect(onchange) {
  const store = {
    state: 'connecting',
    caughtUp: true,
    updated: null,
    studies: new Map(),
    runs: new Map(),
    run: (study, run) => store.runs.get(runKey(study, run)) ?? null,
    runsOf: (study) => [...store.runs.values()]
      .filter((row) => row.study === study)
      .sort((a, b) => (a.params ?? 0) - (b.params ?? 0) || collator.compare(a.run, b.run)),
    names: () => [...store.studies.keys()].sort(collator.compare),
  };

  let scheduled = false;
  const changed = () => {
    if (!scheduled) {
      scheduled = true;
      // Frames stop in hidden tabs; a timer goes on.
      setTimeout(() => {
        scheduled = false;
        onchange(store);
      }, 30);
    }
  };

  const state = (name) => {
    store.state = name;
    changed();
  };

  let wait = 1000;
  const open = () => {
    const source = new EventSource('/v1/stream');
    source.addEventListener('open', () => {
      wait = 1000;
      state('live');
    });
    source.addEventListener('error', () => {
      state('reconnecting');
      // The browser gives up by itself when it is answered with an error.
      if (source.readyState === EventSource.CLOSED) {
        session();
        setTimeout(open, wait);
        wait = Math.min(30000, wait * 2);
      }
    });
    source.addEventListener('snapshot', (event) => {
      const snapshot = JSON.parse(event.data);
      store.caughtUp = snapshot.caughtUp;
      store.studies = new Map(snapshot.studies.map((row) => [row.study, row]));
      store.runs = new Map(snapshot.runs.map((row) => [runKey(row.study, row.run), row]));
      store.updated = Date.now();
      state('live');
    });
    source.addEventListener('change', (event) => {
      const delta = JSON.parse(event.data);
      delta.studies.forEach((row) => store.studies.set(row.study, row));
      delta.runs.forEach((row) => store.runs.set(runKey(row.study, row.run), row));
      delta.goneStudies.forEach((study) => store.studies.delete(study));
      delta.goneRuns.forEach((id) => store.runs.delete(runKey(id.study, id.run)));
      store.updated = Date.now();
      state('live');
    });
  };
  open();
  return store;
}

/** A JSON answer of the API; errors carry the server's own words. */
export async function ask(path, signal) {
  return answered(await fetch(path, { signal, headers: { Accept: 'application/json' } }));
}

/** Posts JSON and gives the answer. */
export async function send(path, body) {
  return answered(await fetch(path, {
    method: 'POST',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json', ...OURS },
    body: JSON.stringify(body),
  }));
}

/** Deletes and gives the answer. */
export async function remove(path) {
  return answered(await fetch(path, { method: 'DELETE', headers: { Accept: 'application/json', ...OURS } }));
}

/** Whether the server has tokens, and whose this session is. */
export async function session() {
  try {
    return await ask('/v1/session');
  } catch {
    return { tokens: false };
  }
}

/** Ends the session. */
export async function logout() {
  await fetch('/logout', { method: 'POST', headers: OURS, redirect: 'manual' });
  location.assign('/login');
}

async function answered(response) {
  if (response.status === 401) {
    location.assign('/login');
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    const error = new Error(body.error ?? 'the server answered ' + response.status);
    error.status = response.status;
    throw error;
  }
  return body;
}
