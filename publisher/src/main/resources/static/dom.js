// Building elements without ever parsing a string as markup.

const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** An element with attributes, listeners (onclick: ...) and children; strings become text. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same in SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Sets text only when it differs, so that a selection or a screen reader is not disturbed. */
export function say(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Puts children in place of what was there, unless they would say the same. */
export function replace(node, ...children) {
  const fresh = el('div', {}, ...children);
  if (node.childNodes.length !== fresh.childNodes.length
      || [...node.childNodes].some((child, i) => !child.isEqualNode(fresh.childNodes[i]))) {
    node.replaceChildren(...fresh.childNodes);
  }
}

/** Calls at most once per `milliseconds`, always with the last arguments. */
export function calmed(milliseconds, action) {
  let timer = null;
  let last = 0;
  let latest = [];
  const calm = (...given) => {
    latest = given;
    if (timer !== null) {
      return;
    }
    timer = setTimeout(() => {
      timer = null;
      last = Date.now();
      action(...latest);
    }, Math.max(0, last + milliseconds - Date.now()));
  };
  calm.cancel = () => {
    clearTimeout(timer);
    timer = null;
  };
  return calm;
}
