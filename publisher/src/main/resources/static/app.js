// The page: where we are (the hash), what is known (the store), and the one page shown.

import { alertsPage } from './alerts.js';
import { calmed, el, replace, say } from './dom.js';
import { age } from './format.js';
import { lawPanel } from './law.js';
import { ask, connect, logout, session } from './live.js';
import { recommendationPanel } from './recommendation.js';
import { runPage } from './run.js';
import { runTable } from './runs.js';
import { trackPanel } from './track.js';

const main = document.getElementById('main');
const tabs = document.getElementById('studies');
const alertsLink = document.getElementById('alerts-link');
const connection = document.getElementById('connection');
const connectionState = document.getElementById('connection-state');
const connectionAge = document.getElementById('connection-age');
const STATES = { connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting' };

function emptyPage() {
  const first = el('p');
  const node = el('div', { class: 'panel empty' }, first, el('code', {}, './straightedge replay FILE.csv'));
  return {
    node,
    title: null,
    study: null,
    update(store) {
      say(first, store.state === 'live' && store.caughtUp
        ? 'No runs yet. Send training events, or replay a file:'
        : 'Waiting for the first runs. To send some, replay a file:');
    },
    destroy() {},
  };
}

function studyPage(study) {
  const table = runTable();
  const law = lawPanel();
  const budget = recommendationPanel(study);
  const track = trackPanel();
  const node = el('div', {},
    el('div', { class: 'title' }, el('h1', {}, study)),
    el('div', { class: 'study' },
      el('div', { class: 'side' }, table.node, track.node),
      el('div', { class: 'side' }, law.node, budget.node)));
  let version = null;
  let trackVersion = null;
  let asked = null;
  const refresh = calmed(600, async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const detail = await ask('/v1/studies/' + encodeURIComponent(study), asked.signal);
      law.update(detail);
      budget.update(detail);
    } catch (error) {
      if (error.name !== 'AbortError') {
        version = null;
        if (error.status === 404) {
          law.update({ law: null, summary: null, recommendations: [] });
          budget.update({ law: null });
        }
      }
    }
  });
  let askedTrack = null;
  const refreshTrack = calmed(600, async () => {
    askedTrack?.abort();
    askedTrack = new AbortController();
    try {
      track.update(await ask('/v1/studies/' + encodeURIComponent(study) + '/track-record', askedTrack.signal));
    } catch (error) {
      if (error.name !== 'AbortError') {
        trackVersion = null;
        if (error.status === 404) {
          track.update({ splits: {} });
        }
      }
    }
  });
  return {
    node,
    title: study,
    study,
    update(store) {
      table.update(study, store.runsOf(study));
      const row = store.studies.get(study);
      const current = row ? JSON.stringify([row.lawId, row.recommendationId]) : '';
      if (current !== version) {
        version = current;
        refresh();
      }
      const currentTrack = row ? row.trackRecordId ?? '' : null;
      if (currentTrack !== trackVersion) {
        trackVersion = currentTrack;
        refreshTrack();
      }
    },
    destroy() {
      refresh.cancel();
      asked?.abort();
      refreshTrack.cancel();
      askedTrack?.abort();
      track.destroy();
      law.destroy();
      budget.destroy();
    },
  };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Which page the hash asks for. */
function wanted(store) {
  const [, kind, study, run] = location.hash.startsWith('#/') ? location.hash.split('/').map(decoded) : [];
  if (kind === 'runs' && study && run) {
    return { name: 'run ' + study + ' ' + run, make: () => runPage(study, run) };
  }
  if (kind === 'alerts') {
    return { name: 'alerts', make: alertsPage };
  }
  const shown = kind === 'studies' && study ? study : store.names()[0];
  return shown === undefined
    ? { name: 'empty', make: emptyPage }
    : { name: 'study ' + shown, make: () => studyPage(shown) };
}

let page = null;
let pageName = null;

function show(store, moved) {
  const next = wanted(store);
  if (next.name !== pageName) {
    page?.destroy();
    page = next.make();
    pageName = next.name;
    main.replaceChildren(page.node);
    document.title = page.title ? page.title + ' · Straightedge' : 'Straightedge';
    if (moved) {
      window.scrollTo(0, 0);
      main.focus({ preventScroll: true });
    }
  }
  page.update(store);
  if (page.alerts) {
    alertsLink.setAttribute('aria-current', 'page');
  } else {
    alertsLink.removeAttribute('aria-current');
  }
  replace(tabs, ...store.names().map((name) => el('li', {}, el('a', {
    href: '#/studies/' + encodeURIComponent(name),
    'aria-current': name === page.study ? 'page' : null,
  }, name))));
  connection.dataset.state = store.state;
  say(connectionState, STATES[store.state]);
  tellAge();
}

function tellAge() {
  say(connectionAge, store.updated === null ? '' : 'updated ' + age(Date.now() - store.updated) + ' ago');
}

const store = connect((changed) => show(changed, false));

const out = document.getElementById('logout');
out.addEventListener('click', logout);
session().then(({ tokens, name }) => {
  out.hidden = !tokens;
  out.title = name ? 'Logged in as ' + name : '';
});
setInterval(tellAge, 1000);
window.addEventListener('hashchange', () => {
  // Other hashes, such as the skip link's, are no addresses of ours.
  if (location.hash === '' || location.hash.startsWith('#/')) {
    show(store, true);
  }
});
show(store, false);
