// Charts become files, tables become text to paste.

const SAVED = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap',
  'stroke-linejoin', 'opacity', 'font-size', 'font-family', 'text-anchor', 'font-variant-numeric'];

// A copy that looks the same without this page's style sheet.
function styledCopy(node) {
  const copy = node.cloneNode(true);
  const from = [node, ...node.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((to, i) => {
    const style = getComputedStyle(from[i]);
    for (const name of SAVED) to.setAttribute(name, style.getPropertyValue(name));
    for (const name of ['class', 'tabindex', 'style']) to.removeAttribute(name);
  });
  return copy;
}

// What the page says around a chart: its title above it, the names of its lines below.
function legendOf(figure) {
  const owner = Chart.of.get(figure);
  if (owner) return owner.shown();
  return [...figure.querySelectorAll('.names li')].map(li => ({label: li.textContent.trim(),
    color: li.querySelector('line').getAttribute('stroke')}));
}

// The whole picture as the text of an SVG file.
function chartSvg(figure) {
  const plot = figure.querySelector('svg');
  const {width, height} = plot.getBoundingClientRect();
  const [head, row] = [34, 20];
  const names = legendOf(figure);
  const whole = svg('svg', {width, height: head + height + row * names.length + 8,
    'font-family': 'sans-serif'});
  const ink = {fill: styleColor('--ink')};
  const copy = styledCopy(plot);
  fill(copy, {y: head, width, height}, []);
  const resolved = c => c.startsWith('var(') ? styleColor(c.slice(4, -1)) : styleColor('--ink');
  whole.append(svg('rect', {width: '100%', height: '100%', fill: styleColor('--card')}),
    svg('text', {x: 12, y: 23, 'font-size': 15, 'font-weight': 600, ...ink},
      figure.querySelector('h3').textContent), copy,
    ...names.flatMap((s, k) => {
      const y = head + height + row * k + 12;
      return [svg('line', {x1: 12, x2: 32, y1: y - 4, y2: y - 4, stroke: resolved(s.color),
        'stroke-width': 2.5, 'stroke-dasharray': s.dashed ? '5 4' : null}),
      svg('text', {x: 40, y, 'font-size': 12, ...ink}, s.label)];
    }));
  return new XMLSerializer().serializeToString(whole);
}

// Twice the size of the screen, for paper.
function chartPng(figure) {
  const text = chartSvg(figure);
  return new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => {
      const canvas = el('canvas', {width: 2 * image.width, height: 2 * image.height});
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      done(canvas.toDataURL('image/png'));
    };
    image.onerror = () => failed(new Error('the picture could not be drawn'));
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  });
}

function download(name, href) { el('a', {href, download: name}).click(); }

const fileName = (figure, ending) =>
  `${document.title} ${figure.querySelector('h3').textContent}`.toLowerCase()
    .replace(/[^a-z0-9]+/g, '_') + ending;

function chartTools(figure) {
  if (figure.querySelector('.tools')) return;
  const tool = (label, click) => el('button', {class: 'tool', type: 'button', click,
    title: `save this chart as ${label}`}, label);
  figure.querySelector('figcaption').append(el('span', {class: 'tools'},
    tool('SVG', () => download(fileName(figure, '.svg'),
      `data:image/svg+xml;charset=utf-8,${encodeURIComponent(chartSvg(figure))}`)),
    tool('PNG', async () => download(fileName(figure, '.png'), await chartPng(figure)))));
}

// The texts of the cells by row, with what is in the head first.
const cellTexts = table => [...table.rows].map(row =>
  [...row.cells].map(cell => cell.innerText.replace(/\s+/g, ' ').trim()));

const isText = (table, column) =>
  [...table.rows].every(row => row.cells[column]?.matches('.text, th[scope="row"]') ?? true);

function tableMarkdown(table) {
  const rows = cellTexts(table).map(cells => cells.map(text =>
    text.replace(/[\\|*_`[\]]/g, '\\$&').replace(/&/g, '&amp;').replace(/</g, '&lt;')));
  if (!table.tHead) rows.unshift(rows[0].map(() => ''));
  const line = rows[0].map((_, k) => isText(table, k) ? ':--' : '--:');
  return [rows[0], line, ...rows.slice(1)].map(cells => `| ${cells.join(' | ')} |\n`).join('');
}

const LATEX = {'\\': '\\textbackslash{}', '~': '\\textasciitilde{}', '^': '\\textasciicircum{}',
  '±': '$\\pm$', '≈': '$\\approx$',
  '×': '$\\times$', '→': '$\\to$', '↓': '$\\downarrow$', '–': '--', '−': '$-$',
  '<': '$<$', '>': '$>$'};

function tableLatex(table) {
  const rows = cellTexts(table).map(cells => cells.map(text =>
    text.replace(/[\\~^±≈×→↓–−<>]|[&%$#_{}]/g, c => LATEX[c] ?? `\\${c}`)));
  const columns = rows[0].map((_, k) => isText(table, k) ? 'l' : 'r').join('');
  const lines = rows.map(cells => `  ${cells.join(' & ')} \\\\\n`);
  const head = table.tHead ? [lines[0], '  \\hline\n', ...lines.slice(1)] : lines;
  return `\\begin{tabular}{${columns}}\n  \\hline\n${head.join('')}  \\hline\n\\end{tabular}\n`;
}

// Browsers that keep the clipboard from local files still copy what is selected.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el('textarea', {class: 'offscreen'}, text);
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

// Says where a table goes on beyond its box, and hides what is cut off softly.
function tellCut(box, note) {
  const look = () => {
    const left = box.scrollWidth - box.clientWidth - box.scrollLeft;
    box.classList.toggle('cut', left > 1);
    note.hidden = box.scrollWidth - box.clientWidth <= 1;
  };
  box.addEventListener('scroll', look, {passive: true});
  new ResizeObserver(look).observe(box);
  look();  // the observer's first call comes a frame later
}

function tableTools(box) {
  const table = box.querySelector('table');
  if (!table || box.nextElementSibling?.matches('.table-tools')) return;
  const tool = (label, text) => {
    const button = el('button', {class: 'tool', type: 'button', click: async () => {
      await copyText(text(table));
      button.textContent = 'copied';
      setTimeout(() => { button.textContent = label; }, 1200);
    }}, label);
    return button;
  };
  const note = el('span', {class: 'cut-note', hidden: true}, '↔ scroll sideways for more columns');
  box.after(el('div', {class: 'table-tools'}, note, el('span', {class: 'copy'}, 'copy as ',
    tool('Markdown', tableMarkdown), ' ', tool('LaTeX', tableLatex))));
  tellCut(box, note);
}

function addTools(place) {
  place.querySelectorAll('figure.chart').forEach(chartTools);
  place.querySelectorAll('.scroll').forEach(tableTools);
}
