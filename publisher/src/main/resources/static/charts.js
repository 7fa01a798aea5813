// uPlot with our axes, colours and words. Each chart is made once and then given new data.

import uPlot from '/webjars/uplot/1.6.30/uPlot.esm.js';
import { count, fixed, power } from './format.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

function colours() {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue('--' + name).trim();
}

/** Decades, and 2 and 5 between them when there are few. */
function logTicks(min, max) {
  const decades = Math.log10(max / min);
  const every = Math.max(1, Math.ceil(decades / 6));
  const between = decades < 1.2 ? [1, 1.5, 2, 3, 4, 5, 6, 8] : decades < 3 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let e = Math.floor(Math.log10(min)); e <= Math.ceil(Math.log10(max)); e += 1) {
    if (e % every !== 0) {
      continue;
    }
    for (const m of between) {
      const tick = m * 10 ** e;
      if (tick >= min * 0.999 && tick <= max * 1.001) {
        ticks.push(tick);
      }
    }
  }
  return ticks;
}

/** uPlot hides an axis whose range is wider than any increment it knows: compute is. */
const INCREMENTS = Array.from({ length: 48 }, (_, i) => 10 ** (i - 8));

/** About `wanted` round numbers. */
function niceTicks(min, max, wanted) {
  const raw = (max - min) / wanted;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].find((m) => m * size >= raw) * size;
  const ticks = [];
  for (let tick = Math.ceil(min / step) * step; tick <= max + step * 1e-6; tick += step) {
    ticks.push(Number(tick.toPrecision(10)));
  }
  return ticks;
}

/** The ticks with null for those whose labels would run into the one before. */
function apart(u, ticks) {
  let last = Number.NEGATIVE_INFINITY;
  return ticks.map((tick) => {
    const place = u.valToPos(tick, 'x');
    if (place - last < 32) {
      return null;
    }
    last = place;
    return tick;
  });
}

function lossDigits(ticks) {
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
  return Math.min(4, Math.max(1, Math.ceil(-Math.log10(step) - 1e-9) + (String(step).includes('25') ? 1 : 0)));
}

function axes(colour, x, y) {
  const common = {
    stroke: colour('quiet'),
    grid: { stroke: colour('grid'), width: 1 },
    ticks: { stroke: colour('grid'), width: 1, size: 5 },
    font: '12px system-ui, sans-serif',
    labelFont: '12px system-ui, sans-serif',
    labelSize: 20,
    incrs: INCREMENTS,
  };
  return [
    {
      ...common,
      label: x.label,
      size: 30,
      splits: (u, axis, min, max) => (x.log ? logTicks(min, max) : niceTicks(min, max, u.bbox.width / devicePixelRatio > 420 ? 6 : 3)),
      values: (u, ticks) => apart(u, ticks).map((tick) => (tick === null ? '' : x.write(tick))),
      filter: (u, ticks) => ticks,
    },
    {
      ...common,
      label: y.label,
      size: 52,
      splits: (u, axis, min, max) => y.ticks ?? niceTicks(min, max, u.bbox.height / devicePixelRatio > 160 ? 7 : 4),
      values: (u, ticks) => ticks.map((tick) => (y.write ? y.write(tick) : tick.toFixed(lossDigits(ticks)))),
      filter: (u, ticks) => ticks,
    },
  ];
}

/** A chart that follows the size of its box and the colour scheme, and keeps its text alternative. */
function chart(box, build, readout) {
  let plot = null;
  let latest = null;
  const draw = () => {
    if (latest === null || box.clientWidth === 0) {
      return;
    }
    const { options, data } = build(latest, colours());
    plot?.destroy();
    plot = new uPlot({
      width: box.clientWidth,
      height: box.clientHeight,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { size: 6 } },
      ...options,
      hooks: {
        ...options.hooks,
        setCursor: [(u) => { if (readout) { readout.textContent = u.cursor.idx === null || u.cursor.idx === undefined ? '' : options.tell(u, u.cursor.idx); } }],
      },
    }, data, box);
  };
  const observer = new ResizeObserver(() => {
    if (plot === null || plot.width !== box.clientWidth) {
      draw();
    }
  });
  observer.observe(box);
  dark.addEventListener('change', draw);
  box.setAttribute('role', 'img');
  return {
    update(data, summary) {
      latest = data;
      box.setAttribute('aria-label', summary);
      // A pointer on the chart is left in peace until it goes.
      draw();
    },
    destroy() {
      observer.disconnect();
      dark.removeEventListener('change', draw);
      plot?.destroy();
    },
  };
}

function verticals(marks) {
  return (u) => {
    const ctx = u.ctx;
    ctx.save();
    ctx.beginPath();
    ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    ctx.clip();
    for (const mark of marks) {
      const x = Math.round(u.valToPos(mark.x, 'x', true)) + 0.5;
      ctx.strokeStyle = mark.colour;
      ctx.fillStyle = mark.colour;
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash(mark.solid ? [] : [3 * devicePixelRatio, 3 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(x, u.bbox.top);
      ctx.lineTo(x, u.bbox.top + u.bbox.height);
      ctx.stroke();
      if (!mark.solid) {
        const size = 5 * devicePixelRatio;
        ctx.beginPath();
        ctx.moveTo(x - size, u.bbox.top);
        ctx.lineTo(x + size, u.bbox.top);
        ctx.lineTo(x, u.bbox.top + size * 1.4);
        ctx.closePath();
        ctx.fill();
      }
    }
    ctx.restore();
  };
}

const ghost = { stroke: 'transparent', width: 0, points: { show: false }, pxAlign: 0 };
const step = (value) => count(value, 3);

/**
 * Loss over log steps with the forecast of the rest.
 * data: { x, observed, forecast, lower95, upper95, lower80, upper80, from, to, least, most, marks, end }
 */
export function curveChart(box, readout) {
  return chart(box, (data, colour) => ({
    options: {
      scales: {
        x: { distr: 3, log: 10, range: () => [data.from, data.to] },
        y: { range: () => [data.least, data.most] },
      },
      axes: axes(colour, { log: true, write: step, label: 'step' }, { label: 'loss, nats per token' }),
      series: [
        {},
        { ...ghost },
        { ...ghost },
        { ...ghost },
        { ...ghost },
        { stroke: colour('forecast'), width: 2, pxAlign: 0, dash: [5, 4], points: { show: false } },
        { stroke: colour('observed'), width: 1.75, points: { show: data.observed.filter((v) => v !== null).length < 90, size: 4, fill: colour('observed') } },
      ],
      bands: [
        { series: [2, 1], fill: colour('band95') },
        { series: [4, 3], fill: colour('band80') },
      ],
      hooks: {
        draw: [verticals([
          ...(data.end ? [{ x: data.end, colour: colour('quiet'), solid: true }] : []),
          ...data.marks.map((mark) => ({ x: mark.step, colour: colour(mark.colour) })),
        ])],
      },
      tell: (u, i) => {
        const at = 'step ' + Math.round(data.x[i]).toLocaleString('en') + ': ';
        if (data.observed[i] !== null) {
          return at + 'loss ' + fixed(data.observed[i], 4);
        }
        return at + 'forecast ' + fixed(data.forecast[i], 4) + ', 80 % in ' + fixed(data.lower80[i], 4) + ' to ' + fixed(data.upper80[i], 4);
      },
    },
    data: [data.x, data.lower95, data.upper95, data.lower80, data.upper80, data.forecast, data.observed],
  }), readout);
}

/** The forecast of the final loss over the step at which it was made. data: { x, mean, lower80, upper80, came } */
export function trackChart(box, readout) {
  return chart(box, (data, colour) => {
    const recent = [...data.lower80.slice(Math.floor(data.x.length / 4)), ...data.upper80.slice(Math.floor(data.x.length / 4))];
    const values = [...recent, ...data.mean.slice(Math.floor(data.x.length / 4)), ...(data.came === null ? [] : [data.came])].filter(Number.isFinite);
    const least = Math.min(...values);
    const most = Math.max(...values);
    const pad = Math.max((most - least) * 0.12, 0.002);
    return {
      options: {
        scales: {
          x: { distr: 3, log: 10, range: () => [data.x[0], Math.max(data.x[data.x.length - 1], data.x[0] * 1.5)] },
          y: { range: () => [least - pad, most + pad] },
        },
        axes: axes(colour, { log: true, write: step, label: 'forecast made at step' }, { label: 'final loss' }),
        series: [
          {},
          { ...ghost },
          { ...ghost },
          { stroke: colour('forecast'), width: 2, points: { show: data.x.length < 60, size: 4, fill: colour('forecast') } },
          { stroke: colour('observed'), width: 1.5, points: { show: false } },
        ],
        bands: [{ series: [2, 1], fill: colour('band80') }],
        tell: (u, i) => 'at step ' + Math.round(data.x[i]).toLocaleString('en') + ': ' + fixed(data.mean[i], 4) + ', 80 % in ' + fixed(data.lower80[i], 4) + ' to ' + fixed(data.upper80[i], 4),
      },
      data: [data.x, data.lower80, data.upper80, data.mean, data.x.map(() => data.came)],
    };
  }, readout);
}

const wholePercent = (value) => Number((value * 100).toPrecision(3)) + ' %';

function byFraction(data, colour, label, y = {}) {
  return {
    x: { distr: 3, log: 10, range: () => [data.x[0] / 1.05, 1] },
    axes: axes(colour, { log: true, write: wholePercent, label: 'forecast made at' }, { label, ...y }),
  };
}

/** Errors of forecasts over the fraction of the run, in percent. data: { x, median, p90 } */
export function errorChart(box, readout) {
  return chart(box, (data, colour) => {
    const { x, axes: both } = byFraction(data, colour, 'error, %');
    const most = Math.max(...data.p90.filter(Number.isFinite), 0.01);
    return {
      options: {
        scales: { x, y: { range: () => [0, most * 1.08] } },
        axes: both,
        series: [
          {},
          { stroke: colour('forecast'), width: 2, dash: [5, 4], pxAlign: 0, points: { show: true, size: 4, fill: colour('forecast') } },
          { stroke: colour('law'), width: 2, pxAlign: 0, points: { show: true, size: 5, fill: colour('law') } },
        ],
        tell: (u, i) => 'at ' + wholePercent(data.x[i]) + ': median ' + fixed(data.median[i], 2) + ' %, nine in ten within ' + fixed(data.p90[i], 2) + ' %',
      },
      data: [data.x, data.p90, data.median],
    };
  }, readout);
}

/** Shares that intervals held over the fraction of the run, in percent. data: { x, held: [3][], nominal: [3] } */
export function coverageChart(box, readout) {
  return chart(box, (data, colour) => {
    const { x, axes: both } = byFraction(data, colour, 'held, %', { write: String, ticks: [0, ...data.nominal] });
    return {
      options: {
        scales: { x, y: { range: () => [0, 104] } },
        axes: both,
        series: [
          {},
          ...data.nominal.map(() => ({ stroke: colour('quiet'), width: 1.25, dash: [3, 3], points: { show: false } })),
          ...data.held.map(() => ({ stroke: colour('law'), width: 2, pxAlign: 0, points: { show: true, size: 5, fill: colour('law') } })),
        ],
        tell: (u, i) => 'at ' + wholePercent(data.x[i]) + ': ' + data.nominal.map((nominal, j) => Math.round(data.held[j][i]) + ' % held for ' + nominal + ' %').join(', '),
      },
      data: [data.x, ...data.nominal.map((nominal) => data.x.map(() => nominal)), ...data.held],
    };
  }, readout);
}

function scatter(points, colour) {
  return (u) => {
    const ctx = u.ctx;
    const size = 4 * devicePixelRatio;
    ctx.save();
    for (const point of points) {
      const x = u.valToPos(point.x, 'x', true);
      const y = u.valToPos(point.y, 'y', true);
      ctx.globalAlpha = point.used ? 1 : 0.35;
      ctx.beginPath();
      if (point.finished) {
        ctx.fillStyle = colour('observed');
        ctx.arc(x, y, size, 0, 2 * Math.PI);
        ctx.fill();
      } else {
        ctx.strokeStyle = colour('forecast');
        ctx.lineWidth = 1.8 * devicePixelRatio;
        ctx.moveTo(x, y - size * 1.25);
        ctx.lineTo(x + size * 1.25, y);
        ctx.lineTo(x, y + size * 1.25);
        ctx.lineTo(x - size * 1.25, y);
        ctx.closePath();
        ctx.stroke();
      }
    }
    ctx.restore();
  };
}

/** Loss over compute on log-log axes. data: { x, best, lower, upper, points, from, to, least, most, marks } */
export function lawChart(box, readout) {
  return chart(box, (data, colour) => ({
    options: {
      scales: {
        x: { distr: 3, log: 10, range: () => [data.from, data.to] },
        y: { distr: 3, log: 10, range: () => [data.least, data.most] },
      },
      axes: axes(colour, { log: true, write: (value) => power(value, 2), label: 'training compute C, FLOPs' }, { label: 'final loss, nats per token' }),
      series: [
        {},
        { ...ghost },
        { ...ghost },
        { stroke: colour('law'), width: 2, pxAlign: 0, points: { show: false } },
      ],
      bands: [{ series: [2, 1], fill: colour('lawband') }],
      hooks: {
        draw: [
          verticals(data.marks.map((mark) => ({ x: mark, colour: colour('quiet') }))),
          scatter(data.points, colour),
        ],
      },
      tell: (u, i) => 'C = ' + power(data.x[i]) + ': best loss ' + fixed(data.best[i], 3) + ', 95 % in ' + fixed(data.lower[i], 3) + ' to ' + fixed(data.upper[i], 3),
    },
    data: [data.x, data.lower, data.upper, data.best],
  }), readout);
}
