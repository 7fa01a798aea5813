// The table of a study's runs; rows are kept and only what differs is written.

import { el, replace, say } from './dom.js';
import { count, digitsFor, fixed, integer, loss, num, percent, range } from './format.js';

const WORDS = {
  'non-finite': ['NaN', 'bad', 'the loss is not a finite number'],
  spike: ['spike', 'warn', 'the loss jumped and came back or may yet'],
  drift: ['drift', 'warn', 'the loss leaves its forecast slowly'],
  divergence: ['divergence', 'bad', 'the loss climbs away from its forecast'],
  plateau: ['plateau', 'warn', 'the loss has stopped falling'],
  stall: ['stall', 'bad', 'no steps arrive'],
  'too-good': ['too good', 'warn', 'the loss is lower than can be believed'],
  'never-learns': ['never learns', 'bad', 'the loss has not begun to fall'],
  gradient: ['gradient', 'warn', 'the gradient norm has left its level'],
  paired: ['unlike its twin', 'warn', 'it differs from a run on the same data'],
  'off-law': ['off the law', 'warn', 'it will not end where the study predicts'],
  'off-ladder': ['off the ladder', 'warn', 'its curve is not shaped like those of its siblings'],
  'unit-mismatch': ['unit', 'warn', 'the loss looks like one of another unit'],
  'law-jump': ['law jump', 'info', 'one more run has moved the law'],
  'rate-change': ['rate change', 'info', 'the learning rate left its plan'],
  'batch-change': ['batch change', 'info', 'the tokens of a step changed'],
  'fleet-loss-up': ['many runs up', 'bad', 'many runs left their forecasts upwards together'],
  'fleet-loss-down': ['many runs down', 'warn', 'many runs left their forecasts downwards together'],
  'fleet-non-finite': ['many runs NaN', 'bad', 'many runs have a loss that is no number'],
  'fleet-stall': ['many runs stalled', 'bad', 'many runs have stopped logging together'],
  restart: ['restart', 'info', 'steps went back: a new attempt began'],
};

export function words(detector) {
  return WORDS[detector] ?? [detector, 'warn', ''];
}

export function runAddress(study, run) {
  return '#/runs/' + encodeURIComponent(study) + '/' + encodeURIComponent(run);
}

export function statusBadge(status) {
  return el('span', { class: 'badge ' + status }, status);
}

export function badges(row) {
  return row.badges.map((badge) => {
    const [word, tone, meaning] = words(badge.detector);
    return el('span', { class: 'badge ' + tone + (badge.active ? ' active' : ''), title: meaning },
      word + (badge.count > 1 ? ' ×' + badge.count : '') + (badge.active ? ', now' : ''));
  });
}

/** Mean and 80 % interval, or that there is none yet. */
export function forecastCell(row) {
  const forecast = row.prediction;
  if (num(row.observedFinal) !== null && row.status === 'finished') {
    return [loss(row.observedFinal), ' ', el('span', { class: 'interval' }, 'observed')];
  }
  if (forecast === null || num(forecast?.mean) === null) {
    return [el('span', { class: 'quiet' }, 'too early')];
  }
  const digits = digitsFor(forecast.lower80, forecast.upper80);
  const write = (value) => fixed(value, digits);
  return [
    write(forecast.mean),
    ' ',
    el('span', { class: 'interval' }, range(forecast.lower80, forecast.upper80, write) + (row.basis === 'law' ? ', by the law' : '')),
  ];
}

export function runTable() {
  const body = el('tbody');
  const rows = new Map();
  const caption = el('caption', { class: 'hidden-visually' });
  const counts = el('p', { class: 'quiet small' });
  const node = el('section', { class: 'panel', 'aria-labelledby': 'runs-title' },
    el('header', {}, el('h2', { id: 'runs-title' }, 'Runs'), counts),
    el('div', { class: 'scroll' },
      el('table', { class: 'runs' },
        caption,
        el('thead', {}, el('tr', {},
          el('th', { scope: 'col' }, 'Run'),
          el('th', { scope: 'col' }, 'N'),
          el('th', { scope: 'col', class: 'left' }, 'Progress'),
          el('th', { scope: 'col' }, 'Loss now'),
          el('th', { scope: 'col' }, 'Final loss, 80 %'),
          el('th', { scope: 'col', class: 'left' }, 'State'))),
        body)));

  function row() {
    const link = el('a');
    const bar = el('progress', { max: 1 });
    const part = {
      link,
      bar,
      size: el('td', { class: 'number size', 'data-label': 'N' }),
      done: el('span', { class: 'percent number' }),
      last: el('td', { class: 'number last', 'data-label': 'loss' }),
      final: el('td', { class: 'number final', 'data-label': 'final loss' }),
      state: el('div', { class: 'signed' }),
    };
    part.node = el('tr', {},
      el('th', { scope: 'row' }, link),
      part.size,
      el('td', { class: 'left number progress' }, part.done, ' ', bar),
      part.last,
      part.final,
      el('td', { class: 'left state' }, part.state));
    return part;
  }

  return {
    node,
    update(study, list) {
      say(caption, 'Runs of ' + study);
      const running = list.filter((run) => run.status === 'running').length;
      const finished = list.filter((run) => run.status === 'finished').length;
      say(counts, [list.length + (list.length === 1 ? ' run' : ' runs'), running ? running + ' running' : null, finished ? finished + ' finished' : null].filter(Boolean).join(' · '));
      const seen = new Set();
      let place = body.firstElementChild;
      for (const run of list) {
        const key = run.study + ' ' + run.run;
        seen.add(key);
        let part = rows.get(key);
        if (!part) {
          part = row();
          rows.set(key, part);
        }
        if (part.node !== place) {
          body.insertBefore(part.node, place);
        } else {
          place = place.nextElementSibling;
        }
        say(part.link, run.run);
        if (part.link.getAttribute('href') !== runAddress(run.study, run.run)) {
          part.link.setAttribute('href', runAddress(run.study, run.run));
        }
        say(part.size, count(run.params));
        const fraction = num(run.fraction);
        say(part.done, fraction === null ? 'step ' + integer(run.step) : percent(fraction));
        part.bar.hidden = fraction === null;
        part.bar.value = fraction ?? 0;
        part.bar.setAttribute('aria-label', run.run + ' progress');
        say(part.last, run.finite ? loss(run.lastLoss) : 'not finite');
        replace(part.final, ...forecastCell(run));
        replace(part.state, statusBadge(run.status), ...badges(run));
      }
      for (const [key, part] of rows) {
        if (!seen.has(key)) {
          part.node.remove();
          rows.delete(key);
        }
      }
    },
  };
}
