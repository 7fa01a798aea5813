// The next run: which one would tell most of the loss that the study wants to know.

import { el } from './dom.js';
import { count, fixed, num, power } from './format.js';

/** As many digits as a deviation of this size deserves. */
function deviation(value) {
  return '± ' + fixed(value, value < 0.01 ? 4 : 3);
}

function beneath(text) {
  return el('span', { class: 'interval' }, text);
}

function told(next, run) {
  const before = num(next.sd);
  const after = num(run.sdAfter);
  if (before === null || after === null) {
    return null;
  }
  return el('td', { class: 'number' }, deviation(after), before > 0 ? beneath(Math.round((1 - after / before) * 100) + ' % less') : null);
}

function row(next, run, remark) {
  return el('tr', {},
    el('th', { scope: 'row' }, power(run.flops, 2), remark ? beneath(remark) : null),
    el('td', { class: 'number' }, count(run.params)),
    el('td', { class: 'number' }, count(run.tokens)),
    told(next, run));
}

function rows(next) {
  if (next.rule !== 'variance') {
    return next.best.map((run, i) => row(next, run, i === 0 ? 'first' : 'or'));
  }
  const first = next.best[0];
  return [
    row(next, first, 'most told per FLOP'),
    ...next.bySpend
      .filter((run) => run.params !== first.params || run.tokens !== first.tokens)
      .map((run) => row(next, run, null)),
  ];
}

function question(next) {
  const target = next.target;
  const now = num(next.sd);
  if (!target || now === null) {
    return null;
  }
  const what = target.flops === undefined
    ? 'the loss at N = ' + count(target.params) + ', D = ' + count(target.tokens)
    : 'the best loss for ' + power(target.flops, 2) + ' FLOPs';
  return 'To know ' + what + ' better: now ' + fixed(next.loss, 3) + ' ' + deviation(now) + ' (sd)';
}

/** What to show of an answer's nextRuns: nothing when there is nothing to say. */
export function nextRuns(next) {
  if (!next) {
    return [];
  }
  return [el('div', { class: 'next' },
    el('h3', {}, 'Next run'),
    next.best.length === 0 ? null : el('div', { class: 'scroll' }, el('table', { class: 'values' },
      el('caption', { class: 'quiet small' }, question(next) ?? 'Cheapest first'),
      el('thead', {}, el('tr', {},
        el('th', { scope: 'col' }, 'FLOPs'), el('th', { scope: 'col' }, 'N'), el('th', { scope: 'col' }, 'D'),
        next.rule === 'variance' ? el('th', { scope: 'col' }, 'Then') : null)),
      el('tbody', {}, rows(next)))),
    el('ul', { class: 'caveats' }, next.notes.map((text) => el('li', {}, text))))];
}
