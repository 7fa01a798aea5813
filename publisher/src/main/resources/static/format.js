// Numbers as people in this field write them.

const UNITS = [[1e12, 'T'], [1e9, 'B'], [1e6, 'M'], [1e3, 'k']];
const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const NONE = '–';

/** A finite number or null; the API writes NaN and infinities as strings. */
export function num(value) {
  if (value === null || value === undefined) {
    return null;
  }
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** 1.3B, 410M, 12k. */
export function count(value, digits = 3) {
  const number = num(value);
  if (number === null) {
    return NONE;
  }
  for (const [size, unit] of UNITS) {
    if (Math.abs(number) >= size * 0.9995) {
      const scaled = number / size;
      return (scaled >= 1000 ? Math.round(scaled).toLocaleString('en') : Number(scaled.toPrecision(digits))) + unit;
    }
  }
  return String(Number(number.toPrecision(digits)));
}

export function integer(value) {
  const number = num(value);
  return number === null ? NONE : Math.round(number).toLocaleString('en');
}

/** 1.2 × 10²¹. */
export function power(value, digits = 2) {
  const number = num(value);
  if (number === null || number <= 0) {
    return NONE;
  }
  let [mantissa, exponent] = number.toExponential(digits - 1).split('e');
  const raised = [...String(Math.abs(Number(exponent)))].map((digit) => RAISED[Number(digit)]).join('');
  mantissa = String(Number(mantissa));
  return (mantissa === '1' ? '10' : mantissa + ' × 10') + (Number(exponent) < 0 ? '⁻' : '') + raised;
}

export function fixed(value, digits = 3) {
  const number = num(value);
  return number === null ? NONE : number.toFixed(digits);
}

/** As many digits as an interval of this width deserves. */
export function digitsFor(lower, upper) {
  const width = num(upper) === null || num(lower) === null ? 0 : Math.abs(upper - lower);
  return width > 0 ? Math.min(4, Math.max(2, 1 - Math.floor(Math.log10(width)))) : 3;
}

export function loss(value) {
  return fixed(value, 3);
}

export function range(lower, upper, write) {
  return num(lower) === null || num(upper) === null ? 'unknown' : write(lower) + ' – ' + write(upper);
}

export function percent(fraction) {
  const number = num(fraction);
  return number === null ? NONE : (number * 100).toFixed(number < 0.0995 && number > 0 ? 1 : 0) + ' %';
}

/** 12 s, 3 min, 2 h. */
export function age(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 100) {
    return seconds + ' s';
  }
  return seconds < 6000 ? Math.round(seconds / 60) + ' min' : Math.round(seconds / 3600) + ' h';
}

/** A date and time as people write them. */
export function moment(milliseconds) {
  return new Date(milliseconds).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
}
