// Keeps the page up to date while runs go on: `watch` serves it with this at its end.

const keyOf = node => [node.closest('section')?.querySelector('h2')?.textContent,
  node.closest('figure')?.querySelector('h3')?.textContent, node.textContent].join('|');

// What the reader has chosen; returns what chooses it again.
function keepChoices() {
  const pressed = new Map([...document.querySelectorAll('.toggle[aria-pressed]')]
    .map(b => [keyOf(b), b.getAttribute('aria-pressed')]));
  const open = new Set([...document.querySelectorAll('details[open] > summary')].map(keyOf));
  const closed = new Set([...document.querySelectorAll('details:not([open]) > summary')].map(keyOf));
  const sorted = [...document.querySelectorAll('table[id] th[aria-sort]')].map(head =>
    [head.closest('table').id, head.cellIndex, head.getAttribute('aria-sort') === 'descending']);
  const chosen = document.getElementById('choose')?.value;
  const top = window.scrollY;
  return () => {
    const menu = document.getElementById('choose');
    if (chosen && [...(menu?.options ?? [])].some(o => o.value === chosen)) {
      menu.value = chosen;
      menu.dispatchEvent(new Event('change'));
    }
    for (const button of document.querySelectorAll('.toggle[aria-pressed]')) {
      const before = pressed.get(keyOf(button));
      const differs = before !== undefined && before !== button.getAttribute('aria-pressed');
      if (differs && (before === 'true' || !button.matches('.choice'))) button.click();
    }
    for (const summary of document.querySelectorAll('details > summary')) {
      const key = keyOf(summary);
      if (open.has(key) || closed.has(key)) summary.parentNode.open = open.has(key);
    }
    for (const [id, column, descending] of sorted) {
      const table = document.getElementById(id);
      if (table?.tHead?.rows[0].cells[column]) sortBy(table, column, descending);
    }
    window.scrollTo(0, top);
  };
}

// Takes over the texts and the data of a newer page, whose scripts never run.
function takeOver(page) {
  const next = new DOMParser().parseFromString(page, 'text/html');
  const again = keepChoices();
  document.title = next.title;
  for (const place of ['header', '#summary']) {
    document.querySelector(place).replaceChildren(...next.querySelector(place).childNodes);
  }
  report = JSON.parse(next.getElementById('data').textContent);
  drawReport();
  again();
}

const badge = el('p', {id: 'live', role: 'status'}, 'live');
document.body.prepend(badge);

function tell(text, name) {
  badge.textContent = text;
  badge.className = name;
}

// Nothing if the server is gone.
async function ask(what) {
  try {
    const reply = await fetch(what, {cache: 'no-store'});
    return reply.ok ? await reply.text() : null;
  } catch {
    return null;
  }
}

// Asks every second; once the runs have ended, or the server has, the page stays as it is.
async function follow(shown) {
  const answer = await ask('state');
  const state = answer && JSON.parse(answer);
  const page = state && state.version !== shown ? await ask('.') : '';
  if (page === null || !state) {
    tell('no longer live', 'over');
    return;
  }
  if (page) takeOver(page);
  document.documentElement.dataset.version = state.version;
  if (state.ended) {
    tell('the runs have ended', 'over');
    return;
  }
  setTimeout(() => follow(state.version), 1000);
}

follow(null);
