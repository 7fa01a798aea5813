// The track record: what the study's forecasts were worth once their runs had ended.

import { coverageChart, errorChart } from './charts.js';
import { el, replace, say, svg } from './dom.js';
import { fixed, num } from './format.js';

const LEVELS = [['coverage50', 0.5], ['coverage80', 0.8], ['coverage95', 0.95]];

function key(label, shape) {
  return el('li', {}, svg('svg', { viewBox: '0 0 20 12', 'aria-hidden': 'true' }, shape), label);
}

/** As the axis has them: 2 %, 95 %. */
function percent(fraction) {
  const number = num(fraction);
  return number === null ? '–' : Math.round(number * 100) + ' %';
}

function digits(value) {
  const size = Math.abs(num(value) ?? 1);
  return fixed(value, size < 0.1 ? 3 : size < 10 ? 2 : 1);
}

function signed(value) {
  return (num(value) > 0 ? '+' : '') + digits(value);
}

function head(...labels) {
  return el('thead', {}, el('tr', {}, labels.map((label) => el('th', { scope: 'col' }, label))));
}

function row(at) {
  return el('tr', {},
    el('th', { scope: 'row' }, percent(at.fraction)),
    el('td', { class: 'number' }, String(at.n)),
    el('td', { class: 'number' }, digits(at.errors.medianPercent)),
    el('td', { class: 'number' }, digits(at.errors.p90Percent)),
    el('td', { class: 'number' }, signed(at.errors.biasPercent)),
    LEVELS.map(([name]) => el('td', { class: 'number' }, percent(at[name]))),
    el('td', { class: 'number' }, '± ' + fixed(at.halfWidth80, 3)));
}

function methodNames(fractions) {
  return [...new Set(fractions.flatMap((at) => Object.keys(at.methods)))].sort();
}

function methodRow(names, at) {
  return el('tr', {},
    el('th', { scope: 'row' }, percent(at.fraction)),
    names.map((name) => {
      const method = at.methods[name];
      return el('td', { class: 'number' }, method ? digits(method.errors.medianPercent) : '–',
        method ? el('span', { class: 'interval' }, 'in force ' + method.inForce + ' of ' + method.n) : null);
    }));
}

function errorSummary(fractions) {
  const last = fractions[fractions.length - 1];
  return 'Error of the forecast of the final loss, in percent, by the fraction of the run at which it was made: at '
    + percent(fractions[0].fraction) + ' median ' + digits(fractions[0].errors.medianPercent) + ', at ' + percent(last.fraction) + ' median '
    + digits(last.errors.medianPercent) + '. The table below has the numbers.';
}

function coverageSummary(fractions) {
  const overall = LEVELS.map(([name, nominal]) => {
    const n = fractions.reduce((sum, at) => sum + at.n, 0);
    const held = fractions.reduce((sum, at) => sum + at.n * at[name], 0);
    return percent(nominal) + ' intervals held ' + percent(held / n);
  });
  return 'Share of the intervals that held the loss that came, by fraction of the run. Over all: ' + overall.join(', ') + '.';
}

export function trackPanel() {
  const state = el('p', { class: 'quiet small' });
  const missing = el('p', { class: 'empty' });
  const choice = el('select', { onchange: () => draw() });
  const chooser = el('label', { class: 'small' }, 'Split ', choice);
  const errorBox = el('div', { class: 'chart low' });
  const errorReadout = el('p', { class: 'readout', 'aria-hidden': 'true' });
  const coverageBox = el('div', { class: 'chart low' });
  const coverageReadout = el('p', { class: 'readout', 'aria-hidden': 'true' });
  const body = el('tbody');
  const methods = el('div');
  const drawn = el('div', {},
    chooser,
    el('h3', {}, 'Error by fraction of the run'),
    errorBox,
    el('ul', { class: 'key' },
      key('median', svg('path', { class: 'k-law', d: 'M0 6h20' })),
      key('90 % of forecasts are nearer', svg('path', { class: 'k-forecast', d: 'M0 6h20' }))),
    errorReadout,
    el('h3', {}, 'Intervals: what they promised, what they held'),
    coverageBox,
    el('ul', { class: 'key' },
      key('held, 50, 80 and 95 %', svg('path', { class: 'k-law', d: 'M0 6h20' })),
      key('promised', svg('path', { class: 'k-budget', d: 'M0 6h20' }))),
    coverageReadout,
    el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Track record in numbers' }, el('table', { class: 'values' },
      el('caption', { class: 'quiet small' }, 'Errors in percent of the loss that came; bias above 0: forecast too high'),
      head('At', 'Runs', 'Median', '90 %', 'Bias', 'In 50 %', 'In 80 %', 'In 95 %', '80 %, nats'),
      body)),
    methods);
  const node = el('section', { class: 'panel', 'aria-labelledby': 'record-title' },
    el('header', {}, el('h2', { id: 'record-title' }, 'Forecast track record'), state),
    missing,
    drawn);
  const errors = errorChart(errorBox, errorReadout);
  const coverage = coverageChart(coverageBox, coverageReadout);
  let records = {};

  function draw() {
    const record = records[choice.value];
    const fractions = record ? record.fractions : [];
    missing.hidden = fractions.length > 0;
    drawn.hidden = fractions.length === 0;
    if (fractions.length === 0) {
      say(missing, 'Forecasts are scored when their runs finish: none has yet.');
      say(state, '');
      return;
    }
    say(state, record.runs + (record.runs === 1 ? ' run scored' : ' runs scored'));
    const x = fractions.map((at) => at.fraction);
    errors.update({
      x,
      median: fractions.map((at) => num(at.errors.medianPercent)),
      p90: fractions.map((at) => num(at.errors.p90Percent)),
    }, errorSummary(fractions));
    coverage.update({
      x,
      held: LEVELS.map(([name]) => fractions.map((at) => num(at[name]) * 100)),
      nominal: LEVELS.map(([, level]) => level * 100),
    }, coverageSummary(fractions));
    replace(body, ...fractions.map(row));
    const names = methodNames(fractions);
    replace(methods, ...(names.length < 2 ? [] : [el('div', { class: 'next scroll', tabindex: '0', role: 'region', 'aria-label': 'Methods side by side' },
      el('table', { class: 'values' },
        el('caption', { class: 'quiet small' }, 'Each method by itself: median error in percent'),
        head('At', ...names),
        el('tbody', {}, fractions.map((at) => methodRow(names, at)))))]));
  }

  return {
    node,
    update(answer) {
      records = answer.splits;
      // The split with most runs first: what most forecasts were made of.
      const names = Object.keys(records).sort((a, b) => records[b].runs - records[a].runs || a.localeCompare(b));
      const chosen = names.includes(choice.value) ? choice.value : names[0];
      replace(choice, ...names.map((name) => el('option', { value: name }, name)));
      if (chosen !== undefined) {
        choice.value = chosen;
      }
      chooser.hidden = names.length < 2;
      draw();
    },
    destroy() {
      errors.destroy();
      coverage.destroy();
    },
  };
}
