// The law panel: runs on log-log axes, the fitted frontier, coefficients that the data identify.

import { lawChart } from './charts.js';
import { el, replace, say, svg } from './dom.js';
import { fixed, num, power, range } from './format.js';

const COEFFICIENTS = [
  ['exponentOfParams', 'a in N* ∝ Cᵃ', 3],
  ['exponentOfTokens', 'b in D* ∝ Cᵇ', 3],
  ['scaleG', 'G in N* = G (C/6)ᵃ', 3],
  ['irreducible', 'E, irreducible loss', 3],
  ['alpha', 'α, exponent of N', 3],
  ['beta', 'β, exponent of D', 3],
];

function sample(shape) {
  return svg('svg', { viewBox: '0 0 20 12', 'aria-hidden': 'true' }, shape);
}

function written(name, value) {
  const number = num(value);
  if (name !== 'scaleG' || number === null) {
    return fixed(number, 3);
  }
  return number < 1e-3 || number >= 1000 ? power(number, 2) : String(Number(number.toPrecision(3)));
}

function chartData(study) {
  const points = study.law.points
    .map((point) => ({
      x: 6 * point.params * point.tokens,
      y: num(point.loss),
      finished: point.finished,
      used: point.weight > 0,
    }))
    .filter((point) => point.x > 0 && point.y > 0);
  const frontier = study.summary ? study.summary.frontier : [];
  const marks = study.recommendations.map((one) => one.budgetFlops);
  const xs = [...points.map((p) => p.x), ...frontier.map((p) => p.flops)];
  // An uncertain law must not squeeze the points: its band may leave the picture.
  const ys = [...points.map((p) => p.y), ...frontier.map((p) => p.loss.value)];
  return {
    x: frontier.map((p) => p.flops),
    best: frontier.map((p) => p.loss.value),
    lower: frontier.map((p) => clamp(num(p.loss.lower95))),
    upper: frontier.map((p) => num(p.loss.upper95)),
    points,
    marks,
    from: Math.min(...xs) / 1.6,
    to: Math.max(...xs) * 1.6,
    least: Math.min(...ys) / 1.03,
    most: Math.max(...ys) * 1.03,
  };
}

/** Logarithmic axes know no loss of zero. */
function clamp(value) {
  return value === null ? null : Math.max(value, 1e-3);
}

export function lawPanel() {
  const box = el('div', { class: 'chart middle' });
  const readout = el('p', { class: 'readout', 'aria-hidden': 'true' });
  const state = el('p', { class: 'quiet small' });
  const missing = el('p', { class: 'empty' });
  const table = el('tbody');
  const notes = el('ul', { class: 'caveats' });
  const caption = el('caption', { class: 'quiet small' });
  const drawn = el('div', {},
    box,
    el('ul', { class: 'key' },
      el('li', {}, sample(svg('circle', { class: 'k-finished', cx: 10, cy: 6, r: 4 })), 'finished run'),
      el('li', {}, sample(svg('path', { class: 'k-open', d: 'M10 1l5 5-5 5-5-5z' })), 'forecast of a run'),
      el('li', {}, sample(svg('path', { class: 'k-law', d: 'M0 6h20' })), 'best loss for C, 95 % band'),
      el('li', {}, sample(svg('path', { class: 'k-budget', d: 'M10 0v12' })), 'budget')),
    readout,
    el('div', { class: 'scroll' }, el('table', { class: 'values' },
      caption,
      el('thead', {}, el('tr', {},
        el('th', { scope: 'col' }, 'Coefficient'), el('th', { scope: 'col' }, 'Best'), el('th', { scope: 'col' }, '95 %'))),
      table)),
    notes);
  const node = el('section', { class: 'panel', 'aria-labelledby': 'law-title' },
    el('header', {}, el('h2', { id: 'law-title' }, 'Scaling law'), state),
    missing,
    drawn);
  const plot = lawChart(box, readout);
  return {
    node,
    update(study) {
      const law = study.law;
      const has = Boolean(law && law.law && study.summary);
      missing.hidden = has;
      drawn.hidden = !has;
      if (!has) {
        say(missing, law && law.diagnostics.length ? 'No law yet: ' + law.diagnostics.join('; ') : 'No law yet: it needs final losses, or forecasts of them, from runs of several sizes.');
        say(state, '');
        return;
      }
      const used = law.points.filter((point) => point.weight > 0);
      const finished = used.filter((point) => point.finished).length;
      say(state, used.length + ' runs, ' + finished + ' finished · revision ' + law.revision);
      say(caption, law.law.form === 'chinchilla' ? 'What the data identify of L(N, D) = E + A/Nᵅ + B/Dᵝ' : 'What the data identify of the law, form ' + law.law.form);
      const a = study.summary.exponentOfParams;
      plot.update(chartData(study), 'Final loss over training compute for ' + used.length + ' runs with the fitted law. N* grows as C to the power '
        + fixed(a.value, 2) + ', 80 % interval ' + range(a.lower80, a.upper80, (v) => fixed(v, 2)) + '; irreducible loss ' + fixed(study.summary.irreducible.value, 2) + '.');
      replace(table, ...COEFFICIENTS.filter(([name]) => study.summary[name]).map(([name, label]) => {
        const value = study.summary[name];
        const write = (v) => written(name, v);
        return el('tr', {},
          el('th', { scope: 'row' }, label),
          el('td', { class: 'number' }, write(value.value)),
          el('td', { class: 'range' }, range(value.lower95, value.upper95, write)));
      }));
      replace(notes, ...law.diagnostics.map((text) => el('li', {}, text)));
    },
    destroy: () => plot.destroy(),
  };
}
