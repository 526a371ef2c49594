let report = JSON.parse(document.getElementById('data').textContent);

// Runs of one group at the same epoch become one point, which has no mean where none is finite.
function bundle(runs, values) {
  const byEpoch = new Map();
  for (const run of runs) {
    values(run).forEach((value, i) => {
      if (value === null) return;
      const x = run.epochs[i];
      if (!byEpoch.has(x)) byEpoch.set(x, []);
      if (known(value)) byEpoch.get(x).push(value);
    });
  }
  return [...byEpoch].sort(([a], [b]) => a - b).map(([x, v]) => {
    const n = v.length;
    if (!n) return {x, n, mean: NaN, min: NaN, max: NaN, std: NaN};
    const mean = v.reduce((sum, value) => sum + value, 0) / n;
    const squares = v.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return {x, n, mean, min: Math.min(...v), max: Math.max(...v),
      std: n > 1 ? Math.sqrt(squares / (n - 1)) : 0};
  });
}

const KINDS = ['train', 'validation', 'test'];
const kindColor = kind => color({train: 1, validation: 2}[kind] ?? 0);

// `bundles`: [{name, color, runs}], the lines of one colour.
function seriesOf(metric, kind, bundles) {
  const several = bundles.length > 1;
  return bundles.flatMap(({name, color, runs: all}) => {
    const runs = all.filter(run => run.curves[metric]);
    if (!runs.length) return [];
    return [{
      label: several ? [name, kind].filter(Boolean).join(', ') : kind || 'value',
      keys: [`group:${name}`, ...(kind ? [`kind:${kind}`] : [])],
      color: several ? color : kindColor(kind),
      dashed: several && kind === 'train',
      points: bundle(runs, run => run.curves[metric]),
      runs: runs.map(run => run.curves[metric].map((mean, i) => ({x: run.epochs[i], mean}))
        .filter(p => p.mean !== null)),
    }];
  });
}

function marksOf(metric) {
  return (report.printed ?? []).filter(p => p.metric === metric && known(p.epoch)).map(p => ({
    x: p.epoch, value: p.value, text: p.text, low: p.low, high: p.high,
  }));
}

function curve(view, bundles, title, metrics, options = {}) {
  const series = metrics.flatMap(([metric, kind]) => seriesOf(metric, kind, bundles));
  if (!series.some(s => s.points.some(p => known(p.mean)))) return null;
  const marks = metrics.flatMap(([metric]) => marksOf(metric));
  return new Chart(view, {title, series, marks, ...options});
}

// A rate that stays the same all the time is told by the configuration.
function rateVaries() {
  const rates = report.runs.flatMap(run => run.curves.learning_rate ?? []).filter(known);
  return new Set(rates).size > 1;
}

const SHOWN_LINES = 8;
const NAMED_LINES = 24;

function legend(view, bundles, charts) {
  const controls = [];
  const shows = key => charts.some(chart => chart.series.some(s => s.keys.includes(key)));
  const several = bundles.length > 1;
  if (several) {
    bundles.forEach(({name, color}, g) => {
      const key = `group:${name}`;
      if (!shows(key)) return;
      // More than eight lines are a tangle; the best are shown first.
      if (g >= SHOWN_LINES) view.hidden.add(key);
      if (g >= NAMED_LINES) return;
      controls.push(toggle(name, g < SHOWN_LINES, on => view.show(key, on), swatch(color)));
    });
    const more = bundles.length - NAMED_LINES;
    if (more > 0) controls.push(el('span', {}, `and ${more} more, in the table above`));
  }
  for (const kind of KINDS) {
    if (!shows(`kind:${kind}`)) continue;
    const stroke = several ? 'currentColor' : kindColor(kind);
    controls.push(toggle(kind, true, on => view.show(`kind:${kind}`, on),
      swatch(stroke, several && kind === 'train')));
  }
  if (charts.some(chart => chart.marks.length)) {
    controls.push(toggle('◇ notebook', true, on => view.show('printed', on)));
  }
  if (charts.some(chart => chart.series.some(s => s.runs.length > 1))) {
    controls.push(el('span', {}, 'spread'), ...choices(
      [['range', 'lowest to highest'], ['deviation', '± std. deviation'], ['runs', 'every run']],
      view.band, key => { view.band = key; view.draw(); }));
  }
  return el('div', {class: 'controls', role: 'group', 'aria-label': 'What the curves show'},
    ...controls);
}

// The metrics beside loss and accuracy that any run has, without the rows that they are of.
function otherMetrics() {
  const names = report.runs.flatMap(run => Object.keys(run.curves))
    .filter(name => KINDS.some(kind => name.startsWith(`${kind}_`)))
    .map(name => name.slice(name.indexOf('_') + 1));
  return [...new Set(names)].filter(name => name !== 'loss' && name !== 'accuracy');
}

function curveCharts(view, bundles) {
  const ofKinds = metric => KINDS.map(kind => [`${kind}_${metric}`, kind]);
  const shares = {format: percent, log: false, ceiling: 1};
  return [
    curve(view, bundles, 'Loss', ofKinds('loss')),
    curve(view, bundles, 'Accuracy', ofKinds('accuracy'), shares),
    ...otherMetrics().map(name => curve(view, bundles, name, ofKinds(name),
      name.endsWith('accuracy') ? shares : {log: false})),
    rateVaries() ? curve(view, bundles, 'Learning rate', [['learning_rate', '']]) : null,
    curve(view, bundles, 'Samples per second', [['samples_per_second', '']],
      {log: false, zero: true}) ??
      curve(view, bundles, 'Seconds per epoch', [['seconds', '']], {log: false, zero: true}),
  ].filter(Boolean);
}

// Of many settings the key that matters most, else each setting.
function usualColours() {
  if (!report.keys || report.groups.length <= SHOWN_LINES) return null;
  const first = report.importance[report.ranking]?.keys[0].key;
  return Math.max(0, report.keys.indexOf(first));
}

function coloursMenu(redraw) {
  if (!report.keys || report.groups.length < 2) return null;
  const options = [['', 'setting'], ...report.keys.map((name, k) => [k, name])];
  return el('div', {class: 'controls'}, menu('colours', 'One colour for each', options,
    chosen.curves ?? '', k => redraw(k === '' ? null : Number(k))));
}

function curvesPart() {
  const box = el('div');
  const draw = key => {
    chosen.curves = key;
    const view = new View();
    const bundles = bundlesOf(key);
    const charts = curveCharts(view, bundles);
    box.replaceChildren(legend(view, bundles, charts),
      el('div', {class: 'charts', id: 'curves'}, ...charts.map(c => c.box)));
    if (box.isConnected) {
      view.draw();
      addTools(box);
    }
    return charts.length;
  };
  const kept = chosen.curves !== undefined && chosen.curves < (report.keys?.length ?? 0);
  if (!draw(kept ? chosen.curves : usualColours())) return null;
  return section('Curves',
    'Point at a curve, or focus it and use the arrow keys, to read its values.',
    coloursMenu(draw), box);
}

// What our runs have for a printed value.
function oursOf(p) {
  const runs = report.runs.filter(run => run.curves[p.metric]);
  return runs.map(run => run.curves[p.metric][run.epochs.indexOf(p.epoch)]).filter(known);
}

// Our runs as strokes, the interval of one more run behind them, the notebook's value in front.
function strip(p, ours) {
  const [width, height, margin] = [220, 22, 8];
  const all = [...ours, p.value, p.low, p.high].filter(known);
  const low = Math.min(...all);
  const span = Math.max(...all) - low || 1;
  const x = v => (margin + (v - low) / span * (width - 2 * margin)).toFixed(1);
  return svg('svg', {class: 'strip', viewBox: `0 0 ${width} ${height}`, role: 'img',
    'aria-label': `${p.text} among ${ours.length} runs`},
  known(p.low) ? svg('rect', {class: 'interval', x: x(p.low), y: 3, height: 16,
    width: Math.max(1, x(p.high) - x(p.low))}) : null,
  svg('path', {class: 'runs', d: ours.map(v => `M${x(v)} 5V17`).join('')}),
  svg('path', {class: 'mark', d: `M${x(p.value)} 6l5 5l-5 5l-5 -5Z`}));
}

function printedRow(p) {
  const values = oursOf(p);
  const ours = values.length ? values.reduce((a, b) => a + b, 0) / values.length : NaN;
  const interval = known(p.low) ? `${number(p.low)} to ${number(p.high)}` : '–';
  const inside = known(p.low) ? p.value >= p.low && p.value <= p.high : null;
  return el('tr', {}, el('th', {class: 'text', scope: 'row'},
    [p.list, p.metric].filter(Boolean).join(': ')),
  el('td', {'data-value': inside === null ? '' : Number(!inside)}, strip(p, values)),
  el('td', {'data-value': p.epoch ?? ''}, known(p.epoch) ? String(p.epoch) : '–'),
  el('td', {'data-value': p.value}, p.text),
  el('td', {'data-value': known(ours) ? ours : ''}, number(ours)),
  el('td', {}, interval),
  el('td', {class: 'text'}, inside === null ? '' : inside ? 'inside' : 'outside'));
}

function printedTable(id, points) {
  const heads = [['metric', true], ['notebook and runs', true], ['epoch'], ['printed'],
    ['our mean'], ['interval of our runs'], ['printed lies', true]];
  return el('div', {class: 'fit'}, scrollBox('Printed values', makeSortable(el('table', {id},
    el('thead', {}, el('tr', {}, ...heads.map(([h, text]) =>
      el('th', {scope: 'col', class: text ? 'text' : null, 'data-first': 'ascending'}, h)))),
    el('tbody', {}, ...points.map(printedRow))))));
}

// One row for each metric of each list, at its last epoch; the others are folded away.
function printedPart() {
  if (!report.printed) return null;
  const last = new Map(report.printed.filter(p => p.metric !== 'confusion_matrix')
    .map(p => [`${p.list ?? ''} ${p.metric}`, p]));
  return section('Notebook and runs',
    'Each stroke is a run of ours, the bar the interval for one more, ◇ what the notebook printed.',
    last.size ? printedTable('strips', [...last.values()]) : null,
    el('details', {}, el('summary', {},
      `All ${report.printed.length} metrics that the notebook printed`),
    printedTable('printed', report.printed)));
}

function normChart(view, title, run, norms) {
  const series = run.parameters.map((name, k) => {
    const points = run.epochs.map((x, i) => {
      const mean = norms[i]?.[k];
      return {x, n: 1, mean, min: mean, max: mean, std: 0};
    }).filter(p => p.mean !== undefined);
    return {label: name, keys: [name], color: color(k), dashed: k % 16 >= 8, points,
      runs: [points]};
  });
  return new Chart(view, {title, series});
}

function normsPart(run) {
  if (!run.weight_norms && !run.gradient_norms) return null;
  const view = new View();
  const charts = [['Norm of the weights', run.weight_norms],
    ['Norm of the gradient', run.gradient_norms]].filter(([, norms]) => norms)
    .map(([title, norms]) => normChart(view, title, run, norms));
  return section('Norms by parameter', 'Root of the sum of squares, at the end of each epoch.',
    el('div', {class: 'controls', role: 'group', 'aria-label': 'Parameters'},
      ...run.parameters.map((name, k) =>
        toggle(name, true, on => view.show(name, on), swatch(color(k), k % 16 >= 8)))),
    el('div', {class: 'charts', id: 'norms'}, ...charts.map(c => c.box)));
}

const PARTS = [functionPart, confusionPart, classPart, plotsPart, worstPart, weightsPart, scalesPart,
  normsPart, layersPart, timePart, environmentPart];
const PART_KEYS = ['standouts', 'function', 'confusion', 'plots', 'worst', 'weights', 'scales',
  'weight_norms', 'gradient_norms', 'layers', 'time', 'environment', 'config', 'hash'];
const drawRun = run => [lookPart(run), ...PARTS.map(part => part(run))].filter(Boolean);

// What a run of a sweep did not keep.
function lookPart({folder}) {
  if (!folder) return null;
  const word = /^[\w.\/=+,:@%-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
  return el('p', {class: 'hint', id: 'look'}, 'To see its layers, units and pictures: ',
    el('code', {}, `nabla report ${word} --look`));
}

// The parts of one run, which a menu chooses if there are several to choose from.
function runPart() {
  const runs = report.runs.filter(run => PART_KEYS.some(key => run[key]));
  if (!runs.length) return null;
  const box = el('div', {id: 'run'}, ...drawRun(runs[0]));
  if (report.runs.length === 1) return box;
  const show = run => {
    box.replaceChildren(...[standoutsPart(run), ...drawRun(run)].filter(Boolean));
    addTools(box);
  };
  show(runs[0]);
  if (runs.length === 1) return box;
  const menu = el('select', {id: 'choose', change: () =>
    show(runs[menu.selectedIndex])},
  ...runs.map(run => el('option', {}, run.label)));
  return el('div', {}, section('One run', null, el('div', {class: 'controls'},
    el('label', {for: 'choose'}, 'Shown below: '), menu)), box);
}

// What stands out in the only run comes first.
function drawReport() {
  View.all = [];
  drawings = [];
  document.querySelectorAll('table.sortable').forEach(makeSortable);
  const only = report.runs.length === 1 ? standoutsPart(report.runs[0]) : null;
  document.getElementById('parts').replaceChildren(
    ...[only, printedPart(), settingsPart(), curvesPart(), runPart()].filter(Boolean));
  View.all.forEach(view => view.draw());
  drawings.forEach(draw => draw());
  addTools(document.body);
  document.documentElement.dataset.ready = 'yes';
}

drawReport();
