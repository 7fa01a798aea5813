// One run: its curve with the forecast of the rest, how the forecast developed, what was found.

import { curveChart, trackChart } from './charts.js';
import { calmed, el, replace, say, svg } from './dom.js';
import { count, digitsFor, fixed, integer, loss, num, percent, range } from './format.js';
import { ask } from './live.js';
import { badges, statusBadge, words } from './runs.js';

function key(label, shape) {
  return el('li', {}, svg('svg', { viewBox: '0 0 20 12', 'aria-hidden': 'true' }, shape), label);
}

function fact(label, value, beneath) {
  return el('div', {}, el('dt', {}, label), el('dd', {}, value, [beneath ?? []].flat().map((line) => el('span', { class: 'interval' }, line))));
}

function facts(row) {
  const forecast = row.prediction;
  const found = [fact('Parameters N', count(row.params))];
  found.push(fact('Tokens D', count(row.tokens), row.plannedTokens ? 'of ' + count(row.plannedTokens) : null));
  found.push(fact('Step', integer(row.step), row.plannedSteps ? percent(row.fraction) + ' of ' + integer(row.plannedSteps) : null));
  found.push(fact('Loss now', row.finite ? loss(row.lastLoss) : 'not finite', row.attempt > 0 ? 'attempt ' + (row.attempt + 1) : null));
  if (forecast && num(forecast.mean) !== null) {
    const digits = digitsFor(forecast.lower80, forecast.upper80);
    const write = (v) => fixed(v, digits);
    found.push(fact(row.basis === 'law' ? 'Final loss, by the law' : 'Final loss, forecast', write(forecast.mean), [
      '80 %: ' + range(forecast.lower80, forecast.upper80, write),
      '95 %: ' + range(forecast.lower95, forecast.upper95, write),
    ]));
  }
  if (num(row.observedFinal) !== null) {
    found.push(fact('Final loss, observed', fixed(row.observedFinal, 4)));
  }
  if (num(row.lawLoss) !== null && row.basis === 'curve') {
    found.push(fact('The law says', fixed(row.lawLoss, 3)));
  }
  return found;
}

/** One other plan: its end, its final loss and how far that is from the run's own forecast. */
function whatIfRow(other, own) {
  const forecast = other.finalLoss;
  const digits = forecast ? digitsFor(forecast.lower80, forecast.upper80) : 3;
  const write = (v) => fixed(v, digits);
  const base = own ? num(own.mean) : null;
  const gap = forecast && base !== null ? num(forecast.mean) - base : null;
  return el('tr', {},
    el('th', { scope: 'row' }, other.name),
    el('td', { class: 'number' }, integer(other.plannedSteps)),
    forecast
      ? el('td', { class: 'number' }, write(forecast.mean), el('span', { class: 'interval' }, '80 %: ' + range(forecast.lower80, forecast.upper80, write)))
      : el('td', { class: 'left' }, other.reason ?? 'no forecast'),
    el('td', { class: 'number' }, gap === null ? '–' : (gap < 0 ? '−' : '+') + fixed(Math.abs(gap), digits)));
}

/** Whether it can still be the best, and what the law expects of its compute. */
function chanceText(chance) {
  if (!chance) {
    return '';
  }
  const expected = num(chance.lawLoss);
  const best = num(chance.bestByLaw);
  return chance.text + (expected === null || best === null ? ''
    : ' The law expects ' + fixed(expected, 3) + ' of it, and ' + fixed(best, 3) + ' of the best size for its compute.');
}

function curveData(estimate, deviations, whole) {
  const bins = estimate.curve
    .map((bin) => ({ step: num(bin.step), loss: num(bin.loss) }))
    .filter((bin) => bin.step > 0)
    .sort((a, b) => a.step - b.step);
  const last = bins.length ? bins[bins.length - 1].step : 0;
  const rest = estimate.rest.filter((point) => num(point.step) > last);
  const end = num(estimate.plannedSteps) ?? (rest.length ? num(rest[rest.length - 1].step) : null);
  const x = [...bins.map((bin) => bin.step), ...rest.map((point) => num(point.step))];
  if (x.length === 0) {
    return null;
  }
  const none = bins.map(() => null);
  const column = (name) => [...none, ...rest.map((point) => num(point[name]))];
  const to = Math.max(end ?? 0, x[x.length - 1]) * 1.04;
  // The first steps fall from the logarithm of the vocabulary: they would flatten all that matters.
  const from = whole ? x[0] / 1.05 : Math.max(x[0] / 1.05, Math.min(to / 25, last / 4));
  const seen = [
    ...bins.filter((bin) => bin.step >= from).map((bin) => bin.loss),
    ...rest.map((point) => num(point.lower80)), ...rest.map((point) => num(point.upper80)),
  ].filter((value) => value !== null);
  const least = Math.min(...seen);
  const most = Math.max(...seen);
  const pad = Math.max((most - least) * 0.06, 0.005);
  return {
    x,
    observed: [...bins.map((bin) => bin.loss), ...rest.map(() => null)],
    forecast: column('loss'),
    lower80: column('lower80'),
    upper80: column('upper80'),
    lower95: column('lower95'),
    upper95: column('upper95'),
    from,
    to,
    least: least - pad,
    most: most + pad,
    end,
    marks: deviations
      .filter((deviation) => deviation.onsetStep >= from && deviation.onsetStep <= to)
      .map((deviation) => ({ step: deviation.onsetStep, colour: words(deviation.detector)[1] })),
  };
}

/** The track, and where compaction has left none the forecasts that were scored. */
function trackPoints(track, entries) {
  const first = track.length ? track[0].step : Infinity;
  const earlier = entries
    .filter((entry) => num(entry.step) > 0 && entry.step < first)
    .map((entry) => ({ step: entry.step, mean: entry.forecast.mean, lower80: entry.forecast.lower80, upper80: entry.forecast.upper80 }));
  return [...earlier, ...track].filter((point) => point.step > 0 && num(point.mean) !== null);
}

/** The narrowest interval that held what came. */
function heldBy(forecast, came) {
  for (const level of [50, 80, 95]) {
    if (came >= forecast['lower' + level] && came <= forecast['upper' + level]) {
      return level + ' %';
    }
  }
  return 'none';
}

function scoredRow(entry, came) {
  const forecast = entry.forecast;
  const digits = digitsFor(forecast.lower80, forecast.upper80);
  const write = (v) => fixed(v, digits);
  const error = came === null ? null : forecast.mean - came;
  return el('tr', {},
    el('th', { scope: 'row' }, percent(entry.fraction)),
    el('td', { class: 'number' }, write(forecast.mean)),
    el('td', { class: 'range' }, range(forecast.lower80, forecast.upper80, write)),
    ...(entry.unscored || error === null
      ? [el('td', { class: 'left', colspan: 2 }, entry.unscored ? 'not scored: ' + entry.unscored : '–')]
      : [
        el('td', { class: 'number' }, (error > 0 ? '+' : '') + fixed(error, digits)),
        el('td', { class: 'number' }, heldBy(forecast, came)),
      ]));
}

function curveSummary(row, data) {
  const seen = data.observed.filter((value) => value !== null);
  const told = seen.length ? 'Loss over steps on a logarithmic axis, from ' + fixed(seen[0], 2) + ' to ' + fixed(seen[seen.length - 1], 3) + ' at step ' + integer(row.step) : 'No loss yet';
  const forecast = row.prediction && num(row.prediction.mean) !== null
    ? '; forecast of the final loss ' + fixed(row.prediction.mean, 3) + ', 80 % interval ' + range(row.prediction.lower80, row.prediction.upper80, (v) => fixed(v, 3))
    : '; no forecast yet';
  return told + forecast + (data.marks.length ? '; ' + data.marks.length + ' deviations marked' : '') + '.';
}

export function runPage(study, run) {
  const back = el('a', { href: '#/studies/' + encodeURIComponent(study) }, '← ' + study);
  const state = el('span', { class: 'signed' });
  const list = el('dl', { class: 'facts' });
  const chance = el('p', { class: 'chance', hidden: true });
  const box = el('div', { class: 'chart tall' });
  const readout = el('p', { class: 'readout', 'aria-hidden': 'true' });
  const trackBox = el('div', { class: 'chart low' });
  const trackReadout = el('p', { class: 'readout', 'aria-hidden': 'true' });
  const trackNone = el('p', { class: 'quiet small' }, 'One forecast so far: the track begins with the second.');
  const scored = el('tbody');
  const scoredTable = el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Forecasts against what came', hidden: true },
    el('table', { class: 'values' },
      el('caption', { class: 'quiet small' }, 'Forecasts against what came'),
      el('thead', {}, el('tr', {}, ['At', 'Forecast', '80 %', 'Error', 'Held by'].map((label) => el('th', { scope: 'col' }, label)))),
      scored));
  const found = el('tbody');
  const foundNone = el('p', { class: 'quiet small' }, 'Nothing has been found.');
  const foundTable = el('div', { class: 'scroll' }, el('table', { class: 'values' },
    el('caption', { class: 'hidden-visually' }, 'Deviations of ' + run),
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'What'), el('th', { scope: 'col' }, 'From step'), el('th', { scope: 'col', class: 'left' }, 'Finding'))),
    found));
  const others = el('tbody');
  const othersPanel = el('section', { class: 'panel', 'aria-labelledby': 'others-title', hidden: true },
    el('header', {}, el('h2', { id: 'others-title' }, 'Under other plans')),
    el('div', { class: 'scroll' }, el('table', { class: 'values' },
      el('caption', { class: 'hidden-visually' }, 'Final loss of ' + run + ' under other plans, from now on'),
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Plan'), el('th', { scope: 'col' }, 'Ends at'), el('th', { scope: 'col' }, 'Final loss'), el('th', { scope: 'col' }, 'Change'))),
      others)));
  const notes = el('ul', { class: 'caveats' });
  const problem = el('p', { class: 'empty', role: 'status' });
  const whole = el('button', { type: 'button', 'aria-pressed': 'false', onclick: () => {
    whole.setAttribute('aria-pressed', whole.getAttribute('aria-pressed') === 'true' ? 'false' : 'true');
    draw();
  } }, 'Whole curve');
  const content = el('div', { class: 'detail' },
    el('section', { class: 'panel', 'aria-labelledby': 'curve-title' },
      el('header', {}, el('h2', { id: 'curve-title' }, 'Loss and forecast'), whole),
      box,
      el('ul', { class: 'key' },
        key('observed, binned', svg('path', { class: 'k-observed', d: 'M0 6h20' })),
        key('forecast', svg('path', { class: 'k-forecast', d: 'M0 6h20' })),
        key('80 %', svg('rect', { class: 'k-band80', width: 20, height: 12 })),
        key('95 %', svg('rect', { class: 'k-band95', width: 20, height: 12 })),
        key('deviation', svg('path', { class: 'k-mark', d: 'M10 0v12' }))),
      readout,
      notes),
    el('div', { class: 'side' },
      el('section', { class: 'panel', 'aria-labelledby': 'track-title' },
        el('header', {}, el('h2', { id: 'track-title' }, 'How the forecast developed')),
        trackNone, trackBox, trackReadout, scoredTable),
      othersPanel,
      el('section', { class: 'panel', 'aria-labelledby': 'found-title' },
        el('header', {}, el('h2', { id: 'found-title' }, 'Deviations')),
        foundNone, foundTable)));
  const node = el('div', {},
    el('p', { class: 'small' }, back),
    el('div', { class: 'title' }, el('h1', {}, run), state),
    list, chance, problem, content);

  const curve = curveChart(box, readout);
  const track = trackChart(trackBox, trackReadout);
  let detail = null;
  let version = null;
  let asked = null;

  function draw() {
    const told = chanceText(detail?.chance);
    chance.hidden = told === '';
    say(chance, told);
    const split = detail?.splits[detail.run.split];
    const estimate = split?.estimate;
    if (!estimate) {
      return;
    }
    const data = curveData(estimate, detail.deviations, whole.getAttribute('aria-pressed') === 'true');
    if (data) {
      curve.update(data, curveSummary(detail.run, data));
    }
    const entries = split.score ? split.score.entries : [];
    const points = trackPoints(split.track, entries);
    scoredTable.hidden = entries.length === 0;
    replace(scored, ...entries.map((entry) => scoredRow(entry, num(split.score?.finalLoss))));
    trackBox.hidden = points.length < 2;
    trackNone.hidden = points.length >= 2;
    if (points.length >= 2) {
      const came = num(detail.run.observedFinal);
      track.update({
        x: points.map((point) => point.step),
        mean: points.map((point) => num(point.mean)),
        lower80: points.map((point) => num(point.lower80)),
        upper80: points.map((point) => num(point.upper80)),
        came,
      }, 'Forecast of the final loss at ' + points.length + ' moments: first ' + fixed(points[0].mean, 3) + ', now ' + fixed(points[points.length - 1].mean, 3)
        + (came === null ? '' : '; it came to ' + fixed(came, 3)) + '.');
    }
    const plans = estimate.whatIf ?? [];
    othersPanel.hidden = plans.length === 0;
    replace(others, ...plans.map((other) => whatIfRow(other, estimate.finalLoss)));
    replace(notes, ...estimate.notes.map((text) => el('li', {}, text)));
    foundNone.hidden = detail.deviations.length > 0;
    foundTable.hidden = detail.deviations.length === 0;
    replace(found, ...[...detail.deviations].reverse().slice(0, 50).map((deviation) => {
      const [word, tone, meaning] = words(deviation.detector);
      return el('tr', {},
        el('th', { scope: 'row' }, el('span', { class: 'badge ' + tone, title: meaning }, word)),
        el('td', { class: 'number' }, integer(deviation.onsetStep)),
        el('td', { class: 'left' }, deviation.message + (deviation.began ? '' : ' (ended at step ' + integer(deviation.step) + ')')));
    }));
  }

  const refresh = calmed(400, async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      detail = await ask('/v1/runs/' + encodeURIComponent(study) + '/' + encodeURIComponent(run), asked.signal);
      say(problem, '');
      problem.hidden = true;
      content.hidden = false;
      draw();
    } catch (error) {
      if (error.name !== 'AbortError') {
        version = null;
        problem.hidden = false;
        content.hidden = detail === null;
        say(problem, error.status === 404 ? 'There is no such run, or nothing has been heard of it yet.' : 'Could not load the run: ' + error.message);
      }
    }
  });

  return {
    node,
    title: run,
    study,
    update(store) {
      const row = store.run(study, run);
      if (row) {
        replace(state, statusBadge(row.status), ...badges(row));
        replace(list, ...facts(row));
      }
      // Anything in the row may have changed with the detail: prediction, badges, revision.
      const current = row ? JSON.stringify(row) : '';
      if (current !== version) {
        version = current;
        refresh();
      }
    },
    destroy() {
      refresh.cancel();
      asked?.abort();
      curve.destroy();
      track.destroy();
    },
  };
}
