// What is told to nobody for a time: the silences that hold, with a button to end each, and a form for another.

import { el, replace, say } from './dom.js';
import { moment } from './format.js';
import { ask, remove, send } from './live.js';

const HOUR = 3600000;
const TIMES = [[1, '1 hour'], [4, '4 hours'], [24, '1 day'], [72, '3 days'], [168, '1 week']];
const USUAL = 4;

/** The name is the last part of the key; its slashes and percent signs are encoded there. */
function nameOf(silence) {
  return silence.key.split('/').slice(2).join('/').replaceAll('%2F', '/').replaceAll('%25', '%');
}

function matchersOf(silence) {
  return Object.entries(silence.matchers ?? {}).sort().map(([label, value]) => label + ' ' + value).join(', ');
}

/** `team=vision, owner=ada` as an object; an error says what is wrong. */
function labels(text) {
  const found = {};
  for (const part of text.split(',').map((one) => one.trim()).filter(Boolean)) {
    const at = part.indexOf('=');
    if (at < 1 || at === part.length - 1) {
      throw new Error('“' + part + '” is no label with a value, such as team=vision');
    }
    found[part.slice(0, at).trim()] = part.slice(at + 1).trim();
  }
  return found;
}

function field(label, input, hint) {
  const id = 'silence-' + input.name;
  input.id = id;
  if (hint) {
    input.setAttribute('aria-describedby', id + '-hint');
  }
  return el('div', { class: 'field' },
    el('label', { for: id }, label), input, hint ? el('span', { class: 'quiet small', id: id + '-hint' }, hint) : null);
}

/** The panel; `fill` puts an alert's own words into the form and the reader there. */
export function silences() {
  const said = el('p', { class: 'quiet small', role: 'status' });
  const counts = el('p', { class: 'quiet small' });
  const list = el('ul', { class: 'alerts' });
  const title = el('h2', { id: 'silences-title', tabindex: '-1' }, 'Silences');
  const text = (name, required) => el('input', { type: 'text', name, maxlength: '250', autocomplete: 'off', required });
  const study = text('study', true);
  const run = text('run');
  const rule = text('rule');
  const others = text('labels');
  const comment = text('comment');
  const hours = el('select', { name: 'hours' },
    TIMES.map(([value, words]) => el('option', { value, selected: value === USUAL }, words)));

  const later = () => [300, 1500].forEach((wait) => setTimeout(update, wait));
  const submit = async (event) => {
    event.preventDefault();
    try {
      const matchers = labels(others.value);
      for (const input of [run, rule]) {
        if (input.value.trim()) {
          matchers[input.name] = input.value.trim();
        }
      }
      await send('/v1/silences', {
        study: study.value,
        matchers: Object.keys(matchers).length ? matchers : { rule: '*' },
        until: new Date(Date.now() + HOUR * Number(hours.value)).toISOString(),
        comment: comment.value.trim() || null,
      });
      say(said, 'Silenced.');
      later();
    } catch (error) {
      say(said, 'Not silenced: ' + error.message);
    }
  };
  const end = async (silence) => {
    try {
      await remove('/v1/silences/' + encodeURIComponent(nameOf(silence)) + '?study=' + encodeURIComponent(silence.study));
      say(said, 'Ended.');
      title.focus();
      later();
    } catch (error) {
      say(said, 'Not ended: ' + error.message);
    }
  };
  const row = (silence) => el('li', { class: 'alert' },
    el('div', { class: 'signed' },
      el('span', { class: 'about' }, silence.study + ': ' + matchersOf(silence)),
      el('button', {
        type: 'button',
        'aria-label': 'End the silence of ' + silence.study + ', ' + matchersOf(silence),
        onclick: () => end(silence),
      }, 'End')),
    el('p', { class: 'quiet small' }, ['until ' + moment(Date.parse(silence.until)),
      silence.by ? 'by ' + silence.by : null,
      silence.comment || null].filter(Boolean).join(' · ')));

  const form = el('form', { class: 'form', 'aria-labelledby': 'silences-title', onsubmit: submit },
    field('Study', study),
    field('Run', run, 'empty for any; 7b* for all that begin with 7b'),
    field('Rule', rule, 'empty for any'),
    field('Other labels', others, 'such as team=vision, owner=ada'),
    field('For', hours),
    field('Why', comment),
    el('button', { type: 'submit' }, 'Silence'));
  const details = el('details', {}, el('summary', {}, 'Silence alerts of a study'), form);

  let asked = null;
  async function update() {
    asked?.abort();
    asked = new AbortController();
    try {
      const found = (await ask('/v1/silences', asked.signal)).silences;
      say(counts, found.length === 0 ? 'Nothing is silenced.' : String(found.length));
      replace(list, ...found.map(row));
    } catch (error) {
      if (error.name !== 'AbortError') {
        say(said, 'Silences could not be read: ' + error.message);
      }
    }
  }

  return {
    node: el('section', { class: 'panel', 'aria-labelledby': 'silences-title' },
      el('header', {}, title, counts), list, details, said),
    update,
    fill(alert) {
      study.value = alert.study;
      run.value = alert.run;
      rule.value = alert.rule;
      others.value = '';
      details.open = true;
      hours.focus();
      form.scrollIntoView({ block: 'center' });
    },
    destroy() {
      asked?.abort();
    },
  };
}
