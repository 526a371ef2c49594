'use strict';

// Whatever goes wrong is shown instead of leaving a page that is silently incomplete.
window.addEventListener('error', event => {
  const place = document.getElementById('errors');
  place.hidden = false;
  place.textContent += `A part of this page could not be drawn: ${event.message}. `;
});

const color = index => `var(--c${index % 8})`;
const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}

// Text is always a text node: nothing in the data is read as HTML.
const el = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

const known = value => typeof value === 'number' && Number.isFinite(value);

// Four significant digits.
function number(value) {
  if (!known(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e7 || size < 1e-4) return value.toExponential(2).replace('e+', 'e');
  if (size >= 1000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(4)));
}

const percent = value => known(value) ? `${(100 * value).toFixed(2)} %` : '–';

function bytes(base64) {
  const text = atob(base64);
  return Uint8Array.from(text, c => c.charCodeAt(0));
}

function section(title, hint, ...children) {
  return el('section', {}, el('h2', {}, title), hint ? el('p', {class: 'hint'}, hint) : null,
    ...children);
}

// Boxes that scroll sideways can be reached with the keyboard.
function scrollBox(label, ...children) {
  return el('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label},
    ...children);
}

function toggle(label, pressed, onclick, swatch) {
  const button = el('button', {
    class: 'toggle', type: 'button', 'aria-pressed': String(pressed),
    click: () => {
      const on = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(on));
      onclick(on);
    },
  }, swatch, label);
  return button;
}

// One of several: `onchoice` is called with its key.
function choices(options, chosen, onchoice) {
  const buttons = options.map(([key, label]) => el('button', {
    class: 'toggle choice', type: 'button', 'aria-pressed': String(key === chosen),
    click: event => {
      buttons.forEach(b => b.setAttribute('aria-pressed', String(b === event.currentTarget)));
      onchoice(key);
    },
  }, label));
  return buttons;
}

// Missing values stay last in either direction.
function compareCells(a, b, sign) {
  const [x, y] = [a, b].map(cell => cell.dataset.value ?? cell.textContent);
  if (x === '' || y === '') return (x === '') - (y === '');
  const [p, q] = [Number(x), Number(y)];
  return sign * (Number.isNaN(p) || Number.isNaN(q) ? x.localeCompare(y) : p - q);
}

function sortBy(table, column, descending) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, i) => {
    if (i === column) head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    else head.removeAttribute('aria-sort');
  });
  const rows = [...table.tBodies[0].rows];
  rows.sort((a, b) => compareCells(a.cells[column], b.cells[column], descending ? -1 : 1));
  table.tBodies[0].append(...rows);
}

// Turns the heads of a table into buttons; the first press puts the best or largest on top.
function makeSortable(table) {
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const first = head.dataset.first ?? 'descending';
    const press = () => {
      const now = head.getAttribute('aria-sort');
      sortBy(table, column, now ? now === 'ascending' : first === 'descending');
    };
    head.replaceChildren(el('button', {type: 'button', click: press}, ...head.childNodes));
  });
  return table;
}
