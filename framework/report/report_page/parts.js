// The parts of the page that show one run. Each returns a node, or null without data.

function perClass({classes, counts}) {
  const size = classes.length;
  const at = (truth, guess) => counts[truth * size + guess];
  return classes.map((name, k) => {
    let [rows, guessed, worst] = [0, 0, -1];
    for (let i = 0; i < size; ++i) {
      rows += at(k, i);
      guessed += at(i, k);
      if (i !== k && at(k, i) > 0 && (worst < 0 || at(k, i) > at(k, worst))) worst = i;
    }
    const right = at(k, k);
    return {
      name, rows, right,
      precision: guessed ? right / guessed : NaN,
      recall: rows ? right / rows : NaN,
      f1: rows + guessed ? 2 * right / (rows + guessed) : NaN,
      confused: worst < 0 ? '' : classes[worst],
      times: worst < 0 ? 0 : at(k, worst),
    };
  });
}

function matrixCell(confusion, rows, truth, guess) {
  const {classes, counts} = confusion;
  const count = counts[truth * classes.length + guess];
  const share = rows ? count / rows : 0;
  // Errors are few: their root spreads the shades.
  const shade = truth === guess ? 0.15 + 0.75 * share : Math.min(0.95, 1.3 * Math.sqrt(share));
  const color = truth === guess ? '--good' : '--bad';
  return el('td', {
    class: count === 0 ? 'zero' : shade > 0.55 ? 'strong' : null,
    style: count ? `background: rgba(var(${color}), ${shade.toFixed(3)})` : null,
    title: `true ${classes[truth]}, predicted ${classes[guess]}: ` +
      `${count} of ${rows} rows (${percent(share)})`,
  }, String(count));
}

function confusionPart({confusion}) {
  if (!confusion) return null;
  const stats = perClass(confusion);
  const head = el('tr', {}, el('th', {scope: 'col'}, 'true ↓', el('br'), 'predicted →'),
    ...confusion.classes.map(name => el('th', {scope: 'col'}, name)));
  const rows = stats.map((s, truth) => el('tr', {}, el('th', {scope: 'row'}, s.name),
    ...confusion.classes.map((_, guess) => matrixCell(confusion, s.rows, truth, guess))));
  return section('Confusion matrix',
    'Rows of the test set: true classes down, predicted ones across. Blue is right, orange is ' +
    'wrong; the shade is the share of the true class.',
    el('div', {class: 'fit'}, scrollBox('Confusion matrix',
      el('table', {class: 'matrix', id: 'confusion'}, el('thead', {}, head),
        el('tbody', {}, ...rows)))));
}

function classRow(s) {
  const value = v => el('td', {'data-value': known(v) ? v : ''}, percent(v));
  return el('tr', {}, el('th', {class: 'text', scope: 'row'}, s.name), value(s.precision),
    value(s.recall), value(s.f1), el('td', {'data-value': s.rows}, s.rows.toLocaleString('en-US')),
    el('td', {class: 'text', 'data-value': s.times},
      s.times ? `${s.confused} (${s.times}×)` : '–'));
}

function classPart({confusion}) {
  if (!confusion) return null;
  const stats = perClass(confusion);
  // What is not known counts as 0, as in the metric per_class and in scikit-learn.
  const mean = key =>
    stats.reduce((sum, s) => sum + (known(s[key]) ? s[key] : 0), 0) / stats.length;
  const rows = stats.reduce((sum, s) => sum + s.rows, 0);
  const right = stats.reduce((sum, s) => sum + s.right, 0);
  const heads = ['class', 'precision', 'recall', 'F1', 'rows', 'most often taken for'];
  const table = el('table', {id: 'classes'},
    el('thead', {}, el('tr', {}, ...heads.map((h, i) => el('th', {
      scope: 'col', class: i === 0 || i === 5 ? 'text' : null,
      'data-first': i > 0 && i < 4 || i === 0 ? 'ascending' : 'descending',
    }, h)))),
    el('tbody', {}, ...stats.map(classRow)),
    el('tfoot', {}, el('tr', {}, el('th', {class: 'text', scope: 'row'}, 'mean'),
      ...['precision', 'recall', 'f1'].map(k => el('td', {}, percent(mean(k)))),
      el('td', {}, rows.toLocaleString('en-US')),
      el('td', {class: 'text'}, `accuracy ${percent(right / rows)}`))));
  return section('Classes',
    'Precision: of the rows predicted as the class, how many are. Recall: of the rows of the ' +
    'class, how many were found. F1: their harmonic mean. In the means, – counts as 0.',
    el('div', {class: 'fit'}, scrollBox('Classes', makeSortable(table))));
}

// A canvas of `width` x `height` pixels; `color(i)` gives red, green and blue of pixel i.
function picture(width, height, label, color) {
  const canvas = el('canvas', {width, height, role: 'img', 'aria-label': label});
  canvas.style.aspectRatio = `${width} / ${height}`;
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  for (let i = 0; i < width * height; ++i) image.data.set([...color(i), 255], 4 * i);
  context.putImageData(image, 0, 0);
  return canvas;
}

function worstCard(w) {
  const pixels = bytes(w.pixels);
  const plane = w.width * w.height;
  const color = i => w.channels === 3 ? [pixels[i], pixels[i + plane], pixels[i + 2 * plane]] :
    [pixels[i], pixels[i], pixels[i]];
  const label = `a picture of ${w.truth}, taken for ${w.predicted}`;
  return el('figure', {title: `${label}; loss ${number(w.loss)}`},
    picture(w.width, w.height, label, color),
    el('figcaption', {}, el('b', {}, `${w.truth} → ${w.predicted}`), el('br'),
      `${w.truth}: ${probability(w.p_truth)}`, el('br'),
      `${w.predicted}: ${probability(w.p_predicted)}`, el('br'),
      el('span', {class: 'muted'}, `loss ${number(w.loss)}`)));
}

function probability(p) {
  if (!known(p)) return '–';
  return p > 0 && p < 0.001 ? '< 0.1 %' : `${(100 * p).toFixed(1)} %`;
}

// Nodes of which the first `few` are shown until asked for more.
function withMore(className, nodes, few) {
  const box = el('div', {class: className}, ...nodes.slice(0, few));
  if (nodes.length <= few) return [box];
  const button = el('button', {class: 'toggle more', type: 'button', click: () => {
    box.append(...nodes.slice(few));
    button.remove();
  }}, `show all ${nodes.length}`);
  return [box, button];
}

function worstPart({worst}) {
  if (!worst) return null;
  return section('Worst test pictures',
    'True → predicted class, the probability that the net gave to each, and the loss of the row; ' +
    'the largest loss first.',
    ...withMore('pictures', worst.map(worstCard), 24));
}

// From blue (-1) over the page's own ground (0) to orange (1).
function diverging(t, dark) {
  const middle = dark ? [26, 28, 32] : [255, 255, 255];
  const end = t < 0 ? (dark ? [96, 176, 255] : [12, 74, 158]) :
    (dark ? [255, 150, 80] : [186, 62, 8]);
  const s = Math.min(1, Math.abs(t));
  return middle.map((m, k) => Math.round(m + (end[k] - m) * s));
}

function weightPictures({width, height, channels, values}, dark) {
  const signed = new Int8Array(bytes(values).buffer);
  const plane = width * height;
  const size = plane * channels;
  return Array.from({length: signed.length / size}, (_, n) => {
    const at = (i, c) => signed[n * size + c * plane + i];
    const color = i => channels === 3 ? [0, 1, 2].map(c => 128 + at(i, c)) :
      diverging(at(i, 0) / 127, dark);
    return picture(width, height, `weights of unit ${n}`, color);
  });
}

function weightsPart({weights}) {
  if (!weights) return null;
  const media = matchMedia('(prefers-color-scheme: dark)');
  const box = el('div');
  const draw = () => {
    const bar = picture(81, 1, 'colour scale', i => weights.channels === 3 ?
      Array(3).fill(128 + Math.round(127 * (i / 40 - 1))) : diverging(i / 40 - 1, media.matches));
    bar.style.aspectRatio = 'auto';
    box.replaceChildren(
      el('div', {class: 'scale'}, `−${number(weights.scale)}`, bar, number(weights.scale)),
      ...withMore('weights', weightPictures(weights, media.matches), 64));
  };
  media.addEventListener('change', draw);
  draw();
  return section('First-layer weights',
    `${weights.parameter}: one picture a unit, all on one scale; weights beyond it have its ` +
    'last colour.', box);
}

const phaseColor = k => `var(--c${k % 8})`;

function timeRow(layer, phases, cells, total, largest) {
  const sum = phases.reduce((s, p) => s + (cells.get(p) ?? 0), 0);
  const bar = el('div', {class: 'bar', role: 'img', 'aria-label': percent(sum / total)},
    ...phases.map((p, k) => {
      const part = el('i', {title: `${p}: ${number(cells.get(p) ?? 0)} ms`});
      part.style.width = `${100 * (cells.get(p) ?? 0) / largest}%`;
      part.style.background = phaseColor(k);
      return part;
    }));
  return el('tr', {}, el('th', {class: 'text', scope: 'row'}, layer),
    ...phases.map(p => el('td', {'data-value': cells.get(p) ?? ''},
      cells.has(p) ? number(cells.get(p)) : '–')),
    el('td', {'data-value': sum}, number(sum)), el('td', {'data-value': sum}, percent(sum / total)),
    el('td', {'data-value': sum}, bar));
}

// Of the outputs of each layer, by its path.
function outputColumns(values = []) {
  const byLayer = new Map(values.map(v => [v.layer, v]));
  const cell = (layer, text) => byLayer.has(layer) ? text(byLayer.get(layer)) : '';
  return values.length ? [['mean output', l => cell(l, v => number(v.mean))],
    ['std. deviation', l => cell(l, v => number(v.std))],
    ['still units', l => cell(l, v => v.still ? `${v.still} of ${v.units}` : '0')]] : [];
}

// Sorting would part the layers from their order; the last row adds them up.
function layersPart({layers, values}) {
  if (!layers) return null;
  const outputs = outputColumns(values);
  const columns = [['parameters', 'parameters'], ['fixed', 'not trained'],
    ['multiply_adds', 'multiply-adds']].filter(([key]) => layers.some(l => l[key]));
  const sum = key => layers.reduce((total, l) => total + l[key], 0);
  const row = (name, output, value, path) => el('tr', {},
    el('th', {class: 'text', scope: 'row'}, name), el('td', {class: 'text'}, output),
    ...columns.map(([key]) => el('td', {}, value(key) ? value(key).toLocaleString('en') : '')),
    ...outputs.map(([, text]) => el('td', {}, text(path))));
  const head = el('tr', {}, el('th', {class: 'text', scope: 'col'}, 'layer'),
    el('th', {class: 'text', scope: 'col'}, 'output'),
    ...[...columns.map(([, title]) => title), ...outputs.map(([title]) => title)]
      .map(title => el('th', {scope: 'col'}, title)));
  const table = el('table', {id: 'layers'}, el('thead', {}, head), el('tbody', {},
    ...layers.map(l => row(`${l.layer} ${l.name}`, l.output.join('x'), key => l[key], l.layer)),
    row('total', '', sum)));
  return section('Layers', 'Multiply-adds of one row forward, in products with weights.' +
    (outputs.length ? ' Outputs are those of test rows; a still unit puts out the same for each, ' +
      'and is dead if it is a ReLU.' : ''),
    el('div', {class: 'fit'}, scrollBox('Layers', table)));
}

function timePart({time}) {
  if (!time) return null;
  const phases = [...new Set(time.map(t => t.phase))];
  const layers = new Map();
  for (const t of time) {
    if (!layers.has(t.layer)) layers.set(t.layer, new Map());
    const cells = layers.get(t.layer);
    cells.set(t.phase, (cells.get(t.phase) ?? 0) + t.ms);
  }
  const sums = [...layers.values()].map(c => [...c.values()].reduce((a, b) => a + b, 0));
  const total = sums.reduce((a, b) => a + b, 0);
  const head = el('tr', {},
    el('th', {class: 'text', scope: 'col', 'data-first': 'ascending'}, 'layer'),
    ...phases.map((p, k) => {
      const key = el('i', {class: 'key'});
      key.style.background = phaseColor(k);
      return el('th', {scope: 'col'}, key, `${p}, ms`);
    }),
    el('th', {scope: 'col'}, 'total, ms'), el('th', {scope: 'col'}, 'share'),
    el('th', {class: 'text', scope: 'col'}, 'compared'));
  const rows = [...layers].map(([layer, cells]) =>
    timeRow(layer, phases, cells, total, Math.max(...sums)));
  const table = el('table', {id: 'time'}, el('thead', {}, head), el('tbody', {}, ...rows));
  return section('Where the time goes', `${number(total)} ms a step on one thread, by layer and phase.`,
    el('div', {class: 'fit'}, scrollBox('Time by layer', makeSortable(table))));
}

function environmentPart({environment, config, hash}) {
  const pairs = [...(environment ?? []), ...(hash ? [['weights hash', hash]] : [])];
  if (!pairs.length && !config) return null;
  const rows = pairs.map(([key, value]) =>
    el('tr', {}, el('th', {scope: 'row'}, key), el('td', {}, value)));
  return section('Environment', null,
    pairs.length ? el('div', {class: 'scroll fit'}, el('table', {class: 'pairs', id: 'environment'},
      el('tbody', {}, ...rows))) : null,
    config ? el('details', {id: 'config'}, el('summary', {}, 'Resolved configuration'),
      el('pre', {tabindex: 0}, el('code', {}, config))) : null);
}
