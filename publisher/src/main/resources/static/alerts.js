// The alerts page: what fires, what is pending, what is over. Cards are kept while they say the same.

import { calmed, el, replace, say } from './dom.js';
import { age, fixed, integer, moment, num, percent, power } from './format.js';
import { ask, send } from './live.js';
import { runAddress, words } from './runs.js';
import { silences } from './silences.js';

const TONES = { critical: 'bad', warning: 'warn', info: 'info' };
const MOST = 100;
const DAY = 24 * 3600000;
const GROUPS = [
  ['firing', 'Firing', 'Nothing fires.', (alert) => alert.state === 'firing' || alert.state === 'acknowledged'],
  ['pending', 'Pending', 'Nothing waits.', (alert) => alert.state === 'pending'],
  ['resolved', 'Resolved', 'Nothing yet.', (alert) => alert.state === 'resolved'],
];

function signed(value, digits) {
  const number = num(value);
  return number === null ? null : (number > 0 ? '+' : '') + fixed(number, digits);
}

/** Size, in nats and standard deviations of one observation. */
function size(alert) {
  const nats = signed(alert.sizeNats, 3);
  const sigmas = num(alert.sizeSigmas);
  return nats === null ? null : nats.replace('-', '−') + ' nats' + (sigmas === null ? '' : ' (' + fixed(Math.abs(sigmas), 1) + ' σ)');
}

/** What it costs if it stays. */
function cost(alert) {
  if (!alert.cost) {
    return null;
  }
  const losses = 'final loss ' + fixed(alert.cost.finalBefore) + ' → ' + fixed(alert.cost.finalAfter);
  const share = num(alert.cost.share);
  const flops = num(alert.cost.flops);
  return share === null || share <= 0
    ? losses
    : losses + ', ' + percent(share) + ' of the run' + (flops === null ? '' : ', ' + power(flops) + ' FLOPs');
}

/** Steps that the run has gone since, and how long ago that was; history, which has times of its own, gets its date. */
function since(alert, row) {
  const gone = row && row.attempt === alert.attempt ? row.step - alert.onsetStep : 0;
  const step = 'since step ' + integer(alert.onsetStep)
    + (alert.state !== 'resolved' && gone > 0 ? ', ' + integer(gone) + (gone === 1 ? ' step ago' : ' steps ago') : '');
  const time = Date.parse(alert.since ?? '');
  const ago = Date.now() - time;
  if (Number.isNaN(time)) {
    return step;
  }
  return step + ', ' + (ago >= 0 && ago < DAY ? age(ago) + ' ago' : moment(time));
}

function silenced(alert) {
  const until = Date.parse(alert.silencedUntil ?? '');
  return alert.state !== 'resolved' && until > Date.now()
    ? 'silenced until ' + moment(until)
    : null;
}

function about(alert) {
  if (alert.run !== '') {
    return [el('a', { href: runAddress(alert.study, alert.run) }, alert.run),
      alert.attempt > 0 ? ' attempt ' + alert.attempt : null,
      alert.split && alert.split !== 'train' ? ' ' + alert.split : null];
  }
  const links = (alert.runs ?? []).flatMap((run) => [', ', el('a', { href: runAddress(alert.study, run) }, run)]).slice(1);
  return [el('a', { href: '#/studies/' + encodeURIComponent(alert.study) }, alert.study), links.length ? ': ' : null, ...links];
}

/** Another alert that speaks for this one: which, by its rule. */
function partOf(alert) {
  const id = alert.labels?.straightedge_part_of;
  return id ? 'part of ' + words(decodeURIComponent(id.split('/')[3] ?? ''))[0] : null;
}

function card(alert, { refresh, silence, row }) {
  const [word, , meaning] = words(alert.rule);
  const said = el('p', { class: 'quiet small', role: 'status' });
  const button = alert.state !== 'firing' && alert.state !== 'pending' ? null : el('button', {
    type: 'button',
    'aria-label': 'Acknowledge ' + word + ' of ' + (alert.run || alert.study),
    onclick: async (event) => {
      event.target.disabled = true;
      try {
        await send('/v1/alerts/' + encodeURIComponent(alert.id) + '/acknowledge', {});
        say(said, 'Taken on.');
      } catch (error) {
        event.target.disabled = false;
        say(said, 'Not taken: ' + error.message);
      }
      refresh();
    },
  }, 'Acknowledge');
  const hush = alert.state === 'resolved' ? null : el('button', {
    type: 'button',
    'aria-label': 'Silence ' + word + ' of ' + (alert.run || alert.study),
    onclick: () => silence(alert),
  }, 'Silence …');
  const facts = [since(alert, row(alert)), size(alert), cost(alert), silenced(alert),
    alert.labels?.straightedge_fleet ? 'told together with other runs' : null,
    partOf(alert),
    alert.labels?.straightedge_untold ? 'told to nobody' : null,
    alert.acknowledgedBy ? 'taken on by ' + alert.acknowledgedBy : null,
    alert.owner ? 'owner ' + alert.owner : null].filter(Boolean);
  return el('li', { class: 'alert' },
    el('div', { class: 'signed' },
      el('span', { class: 'badge ' + TONES[alert.severity] }, alert.severity),
      el('span', { class: 'badge', title: meaning }, word),
      alert.state === 'acknowledged' ? el('span', { class: 'badge info' }, 'acknowledged') : null,
      el('span', { class: 'about' }, ...about(alert)),
      button, hush),
    el('p', {}, alert.summary),
    alert.reason ? el('p', {}, 'Resolved: ' + alert.reason) : null,
    el('p', { class: 'quiet small' }, facts.join(' · ')),
    said);
}

function group([name, title, none, belongs], actions) {
  const list = el('ul', { class: 'alerts' });
  const counts = el('p', { class: 'quiet small' });
  const rest = el('p', { class: 'quiet small' });
  const cards = new Map();
  const node = el('section', { class: 'panel', 'aria-labelledby': name + '-title' },
    el('header', {}, el('h2', { id: name + '-title' }, title), counts), list, rest);
  return {
    node,
    update(alerts) {
      const mine = alerts.filter(belongs);
      say(counts, mine.length === 0 ? none : String(mine.length));
      say(rest, mine.length > MOST ? 'The latest ' + MOST + ' are shown; all are at /v1/alerts?state=' + name + '.' : '');
      const shown = mine.slice(0, MOST);
      const seen = new Set(shown.map((alert) => alert.id));
      for (const [id, kept] of cards) {
        if (!seen.has(id)) {
          kept.node.remove();
          cards.delete(id);
        }
      }
      let place = list.firstElementChild;
      for (const alert of shown) {
        const text = JSON.stringify(alert);
        // Ages are part of what a card says, but no reason to disturb who is on it.
        const minute = Math.floor(Date.now() / 60000);
        let kept = cards.get(alert.id);
        if (!kept) {
          kept = { node: card(alert, actions), text, minute };
          cards.set(alert.id, kept);
        } else if (kept.text !== text || (kept.minute !== minute && !kept.node.contains(document.activeElement))) {
          const fresh = card(alert, actions);
          const focused = kept.node.contains(document.activeElement);
          if (place === kept.node) {
            place = fresh;
          }
          kept.node.replaceWith(fresh);
          Object.assign(kept, { node: fresh, text, minute });
          if (focused) {
            fresh.querySelector('button, a')?.focus();
          }
        }
        if (kept.node !== place) {
          list.insertBefore(kept.node, place);
        } else {
          place = place.nextElementSibling;
        }
      }
    },
  };
}

export function alertsPage() {
  const problem = el('p', { class: 'quiet', role: 'status' });
  let asked = null;
  const refresh = calmed(1000, async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const { alerts } = await ask('/v1/alerts', asked.signal);
      groups.forEach((part) => part.update(alerts));
      await quiet.update();
      replace(problem);
    } catch (error) {
      if (error.name !== 'AbortError') {
        say(problem, 'Alerts could not be read: ' + error.message);
      }
    }
  });
  const quiet = silences();
  let known = null;
  const actions = {
    refresh,
    silence: quiet.fill,
    row: (alert) => known?.run(alert.study, alert.run) ?? null,
  };
  const groups = GROUPS.map((one) => group(one, actions));
  let updated = null;
  return {
    node: el('div', {},
      el('div', { class: 'title' }, el('h1', {}, 'Alerts'), problem),
      el('div', { class: 'side' }, ...groups.slice(0, -1).map((part) => part.node), quiet.node, groups.at(-1).node)),
    title: 'Alerts',
    study: null,
    alerts: true,
    update(store) {
      known = store;
      if (updated === null || updated !== store.updated) {
        updated = store.updated ?? 0;
        refresh();
      }
    },
    destroy() {
      refresh.cancel();
      asked?.abort();
      quiet.destroy();
    },
  };
}
