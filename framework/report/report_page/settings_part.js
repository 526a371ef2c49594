// Which of the keys that were tried matters.

// What the reader has chosen, which stays when the page is drawn anew.
const chosen = {metric: null, across: null, up: null, time: false, curves: undefined};

function outcomeMetrics() {
  const names = new Set(report.runs.flatMap(run => Object.keys(run.curves))
    .filter(name => KINDS.some(kind => name.startsWith(`${kind}_`))));
  // Of losses that are not one metric no setting is the best.
  const fair = [...names].filter(name => !report.apart.includes(name));
  return (fair.length > 0 ? fair : [...names])
    .sort((a, b) => (b === report.ranking) - (a === report.ranking));
}

function menu(id, label, options, value, onchange) {
  const select = el('select', {id, change: () => onchange(select.value)},
    ...options.map(([key, text]) =>
      el('option', {value: key, selected: String(key) === String(value)}, text)));
  return el('label', {class: 'menu', for: id}, `${label} `, select);
}

// The indices of the keys, the most important one first.
function keysByImportance(metric) {
  const found = report.importance[metric]?.keys.map(({key}) => key) ?? report.keys;
  return found.map(key => report.keys.indexOf(key));
}

function shareRow(name, share, {chance, note}) {
  const bar = el('div', {class: 'bar share', role: 'img', 'aria-label': percent(share) +
    (known(chance) ? `; chance alone reaches ${percent(chance)} once in 20 times` : '')}, el('i'));
  bar.firstChild.style.width = `${100 * Math.min(1, share)}%`;
  if (known(chance)) {
    const stroke = el('b', {class: 'chance'});
    stroke.style.left = `${100 * Math.min(1, chance)}%`;
    bar.append(stroke);
  }
  return el('tr', {class: known(chance) && share <= chance ? 'faint' : null},
    el('th', {class: 'text', scope: 'row'}, name), el('td', {}, bar),
    el('td', {}, `${(100 * share).toFixed(1)} %`), el('td', {class: 'text'}, note));
}

function importanceTable(metric) {
  const found = report.importance[metric];
  if (!found) return null;
  const rows = found.keys.map(({key, share, chance}) => shareRow(key, share, {chance,
    note: share > chance ? '' : 'cannot be told from chance'}));
  if (found.combinations !== undefined) {
    rows.push(shareRow('combinations of keys', found.combinations, {note: ''}));
  }
  if (found.seeds !== undefined) {
    rows.push(shareRow('seeds', found.seeds, {note: 'runs of the same setting'}));
  }
  const where = found.epochs === undefined ? '' :
    `, at epoch ${number(found.epochs)}, which all of them reached`;
  return el('div', {class: 'importance'}, el('p', {class: 'hint'},
    `Share of a key in the differences of rank of ${found.runs} runs by ` +
    `${titleOf(metric)}${where}; the stroke is what a key without effect reaches once in 20 times.`),
  el('div', {class: 'fit'}, scrollBox('Importance of keys', el('table', {id: 'importance'},
    el('thead', {}, el('tr', {}, ...['key', 'importance', 'share', ''].map((h, i) =>
      el('th', {scope: 'col', class: i === 2 ? null : 'text'}, h)))),
    el('tbody', {}, ...rows)))));
}

function heatFigure(metric, redraw) {
  const keys = report.keys.map((name, k) => [k, name]);
  const [first, second] = keysByImportance(metric);
  const across = keys[chosen.across] ? chosen.across : first;
  const other = across === first ? second : first;
  const up = keys[chosen.up] && chosen.up !== across ? chosen.up : other;
  const menus = keys.length === 2 ? null : el('div', {class: 'menus'},
    menu('across', 'across', keys, across, k => redraw({across: Number(k)})),
    menu('up', 'up', keys, up, k => redraw({up: Number(k)})));
  return heatMap(metric, across, up, menus);
}

// Nothing where the settings have different losses, of which none is the best.
function bestFigure(metric, redraw) {
  if (report.apart.includes(metric)) return null;
  const tools = el('span', {class: 'menus'}, ...choices([[false, 'by run'], [true, 'by time']],
    chosen.time, time => redraw({time})));
  return bestChart(metric, chosen.time, tools);
}

// The charts of one metric.
function settingCharts(metric, redraw) {
  const several = report.keys.length > 1;
  return [
    several ? importanceTable(metric) : null,
    el('div', {class: 'charts', id: 'keys'}, ...[
      ...keysByImportance(metric).map(k => keyChart(metric, k)),
      several ? heatFigure(metric, redraw) : null,
      bestFigure(metric, redraw),
      report.keys.length > 2 ? parallelChart(metric) : null,
    ].filter(Boolean)),
  ].filter(Boolean);
}

function settingsPart() {
  if (!report.keys || report.groups.length < 2) return null;
  const metrics = outcomeMetrics();
  if (!metrics.length) return null;
  if (!metrics.includes(chosen.metric)) chosen.metric = metrics[0];
  const box = el('div');
  const redraw = change => {
    Object.assign(chosen, change);
    drawings = [];
    box.replaceChildren(...settingCharts(chosen.metric, redraw));
    if (!box.isConnected) return;
    drawings.forEach(draw => draw());
    addTools(box);
  };
  redraw({});
  return section('What the settings do',
    'A dot is a run where it ended, a ring one that was not trained to the end, a cross one without ' +
    'a number; strokes are means, of the runs that were trained to the end where there are some. ' +
    'Point at a mark to see its run.',
    el('div', {class: 'controls'}, menu('metric', 'Metric:',
      metrics.map(name => [name, titleOf(name)]), chosen.metric, metric => redraw({metric}))), box);
}
