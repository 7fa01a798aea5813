// What to buy for a budget: the study's own budgets, and any other on a slider.

import { calmed, el, replace, say } from './dom.js';
import { count, digitsFor, fixed, num, power, range } from './format.js';
import { ask } from './live.js';
import { nextRuns } from './next.js';

function rows(one) {
  const lossDigits = digitsFor(one.loss.lower80, one.loss.upper80);
  return [
    ['N*, params', one.params, (v) => count(v, 3)],
    ['D*, tokens', one.tokens, (v) => count(v, 3)],
    ['D*/N*', one.tokensPerParam, (v) => (num(v) === null ? '–' : Number(num(v).toPrecision(3)).toString())],
    ['Loss', one.loss, (v) => fixed(v, lossDigits)],
  ].map(([label, interval, write]) => el('tr', {},
    el('th', { scope: 'row' }, label),
    el('td', { class: 'number' }, write(interval.value)),
    el('td', { class: 'range' }, range(interval.lower80, interval.upper80, write)),
    el('td', { class: 'range' }, range(interval.lower95, interval.upper95, write))));
}

/** The sizes that are nearly as good; an end that is not there is infinitely far. */
function band(one) {
  if (!one.nearOptimal) {
    return null;
  }
  const lower = num(one.nearOptimal.lowerParams);
  const upper = num(one.nearOptimal.upperParams);
  const text = lower > 0
    ? (upper === null ? 'from ' + count(lower, 3) : count(lower, 3) + ' – ' + count(upper, 3))
    : (upper === null ? 'any' : 'up to ' + count(upper, 3));
  return el('tr', {},
    el('th', { scope: 'row', class: 'wraps' }, 'N for +' + Number((num(one.nearOptimal.relativeLoss) * 100).toPrecision(2)) + ' % loss'),
    el('td', { class: 'range', colspan: 3 }, text));
}

function far(one) {
  const times = num(one.extrapolation);
  return times === null ? '' : times > 1.005
    ? Number(times.toPrecision(2)).toLocaleString('en') + ' × the largest run'
    : 'within the data';
}

function card(one, caption) {
  return [
    el('div', { class: 'scroll' }, el('table', { class: 'values' },
      caption,
      el('thead', {}, el('tr', {},
        el('th', { scope: 'col' }, 'Spend it on'), el('th', { scope: 'col' }, 'Best'), el('th', { scope: 'col' }, '80 %'), el('th', { scope: 'col' }, '95 %'))),
      el('tbody', {}, rows(one), band(one)))),
  ];
}

function caveats(texts) {
  return el('ul', { class: 'caveats' }, texts.map((text) => el('li', {}, text)));
}

export function recommendationPanel(study) {
  const fixedBudgets = el('div');
  const missing = el('p', { class: 'empty' }, 'Recommendations follow as soon as there is a law.');
  const slider = el('input', { type: 'range', id: 'budget', min: 18, max: 26, step: 0.05, value: 21 });
  const shown = el('output', { for: 'budget' });
  const free = el('div', { 'aria-live': 'polite' });
  const any = el('div', { class: 'budget slider' },
    el('label', { for: 'budget' }, el('span', {}, 'Any budget'), shown), slider, free);
  const next = el('div');
  const node = el('section', { class: 'panel', 'aria-labelledby': 'budget-title' },
    el('header', {}, el('h2', { id: 'budget-title' }, 'Compute-optimal allocation')),
    missing, fixedBudgets, any, next);

  let touched = false;
  let asked = null;
  const flops = () => Number((10 ** Number(slider.value)).toPrecision(3));
  const label = () => {
    say(shown, power(flops(), 3) + ' FLOPs');
    slider.setAttribute('aria-valuetext', power(flops(), 3) + ' FLOPs');
  };
  const refresh = calmed(150, async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await ask('/v1/recommendations?study=' + encodeURIComponent(study) + '&budget=' + encodeURIComponent(flops()), asked.signal);
      const one = answer.recommendations[0];
      replace(free, ...(one
        ? card(one, el('caption', { class: 'quiet small' }, far(one)))
        : [el('p', { class: 'quiet small' }, answer.notes.join('; '))]));
    } catch (error) {
      if (error.name !== 'AbortError') {
        replace(free, el('p', { class: 'quiet small' }, 'Could not ask: ' + error.message));
      }
    }
  });
  slider.addEventListener('input', () => {
    touched = true;
    label();
    refresh();
  });

  return {
    node,
    update(detail) {
      const has = Boolean(detail.law && detail.law.law);
      missing.hidden = has;
      fixedBudgets.hidden = !has;
      any.hidden = !has;
      replace(next, ...nextRuns(detail.nextRuns));
      if (!has) {
        return;
      }
      const shared = detail.recommendations.length
        ? detail.recommendations[0].caveats.filter((text) => detail.recommendations.every((one) => one.caveats.includes(text)) && !detail.law.diagnostics.includes(text))
        : [];
      replace(fixedBudgets,
        ...detail.recommendations.map((one) => el('div', { class: 'budget' },
          card(one, el('caption', {}, el('strong', {}, power(one.budgetFlops, 2) + ' FLOPs'), el('span', { class: 'quiet small' }, '  ' + far(one)))))),
        caveats(shared));
      if (!touched) {
        const sizes = detail.law.points.map((point) => 6 * point.params * point.tokens).filter((c) => c > 0);
        const largest = Math.log10(Math.max(...sizes));
        if (Number.isFinite(largest)) {
          const min = (Math.floor(largest * 2) / 2 - 1).toFixed(2);
          const max = (Math.ceil(largest * 2) / 2 + 3).toFixed(2);
          if (slider.min !== min || slider.max !== max) {
            slider.min = min;
            slider.max = max;
            slider.value = (Math.round((largest + 1) * 20) / 20).toFixed(2);
          }
        }
      }
      label();
      refresh();
    },
    destroy() {
      refresh.cancel();
      asked?.abort();
    },
  };
}
