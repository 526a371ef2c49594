// What a model makes of inputs that can be drawn, after epochs that a slider chooses.

const styleColor = name =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const rgb = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));

// The classes of a grid as a picture: the surer, the stronger. Row 0 of the cells is the lowest.
function classPicture(cells, side, classes) {
  const canvas = el('canvas', {width: side, height: side});
  const context = canvas.getContext('2d');
  const image = context.createImageData(side, side);
  const colors = classes.map((_, k) => rgb(styleColor(`--c${k % 8}`)));
  cells.forEach((cell, at) => {
    const chance = 1 / classes.length;
    const sure = Math.max(0, (cell % 16 / 15 - chance) / (1 - chance));
    const to = (side - 1 - Math.floor(at / side)) * side + at % side;
    image.data.set([...colors[(cell >> 4) % colors.length], 40 + 110 * sure], 4 * to);
  });
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

// The scales of all frames: where the grid lies, and for a curve where its last frame and the
// points do.
function functionScales({classes, low, high, points, frames}) {
  const xs = [low[0], high[0]];
  const values = frames[frames.length - 1].values ?? [];
  const all = [...points.map(p => p[1]), ...values];
  const ys = classes.length ? [low[1], high[1]] :
    padded([Math.min(...all), Math.max(...all)], 0.06);
  const scale = ([from, to], begin, end) => v => begin + (v - from) / (to - from) * (end - begin);
  return {xs, ys, x: scale(xs, PLOT.left, PLOT.right), y: scale(ys, PLOT.bottom, PLOT.top)};
}

// The cells have their middles at the places of the grid, so that half a cell lies beyond them.
function classFrame(f, frame, {x, y}) {
  const half = [0, 1].map(i => (f.high[i] - f.low[i]) / (f.side - 1) / 2);
  const [left, right] = [x(f.low[0] - half[0]), x(f.high[0] + half[0])];
  const [top, bottom] = [y(f.high[1] + half[1]), y(f.low[1] - half[1])];
  return svg('image', {href: classPicture(bytes(frame.cells), f.side, f.classes), x: left, y: top,
    width: right - left, height: bottom - top, preserveAspectRatio: 'none'});
}

function curveFrame(f, frame, {x, y}) {
  const at = i => f.low[0] + (f.high[0] - f.low[0]) * i / (f.side - 1);
  return svg('path', {class: 'line', stroke: color(1),
    d: `M${frame.values.map((v, i) => `${x(at(i)).toFixed(1)} ${y(v).toFixed(1)}`).join('L')}`});
}

// A part of the plot that clips what it holds.
function clipped(...children) {
  const {left, right, top, bottom} = PLOT;
  const [width, height] = [right - left, bottom - top];
  return svg('svg', {x: left, y: top, width, height, viewBox: `${left} ${top} ${width} ${height}`},
    ...children);
}

function pointsOf({classes, points}, {x, y}) {
  return points.map(p => svg('circle', {class: 'point', cx: x(p[0]).toFixed(1),
    cy: y(p[1]).toFixed(1), r: 2.6, fill: color(classes.length ? p[2] : 0)}));
}

function slider(frames, onchange) {
  if (frames.length < 2) return null;
  const last = frames.length - 1;
  const epoch = k => `epoch ${frames[k].epoch.toLocaleString('en-US')}`;
  const text = el('output', {}, epoch(last));
  const input = el('input', {type: 'range', min: 0, max: last, value: last, 'aria-label': 'epoch',
    input: () => {
      text.textContent = epoch(Number(input.value));
      onchange(Number(input.value));
    }});
  return el('label', {class: 'slider'}, input, text);
}

function functionPart({function: f}) {
  if (!f) return null;
  const scales = functionScales(f);
  const layer = svg('g');
  let shown = f.frames.length - 1;
  const draw = k => {
    shown = k;
    layer.replaceChildren((f.classes.length ? classFrame : curveFrame)(f, f.frames[k], scales));
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => draw(shown));
  draw(shown);
  const [below, above] = f.classes.length ? [[layer], pointsOf(f, scales)] :
    [pointsOf(f, scales), [layer]];
  const names = f.classes.length ? f.classes.map((name, k) => [name, k]) :
    [['training rows', 0], ['the model', 1]];
  const title = f.classes.length ? 'Classes over the inputs' : 'Fitted curve';
  const figure = el('figure', {class: 'chart plot'}, el('figcaption', {}, el('h3', {}, title)),
    svg('svg', {viewBox: `0 0 ${PLOT.width} ${PLOT.height}`, role: 'img',
      'aria-label': `${title}: ${f.names.join(' and ')}`},
    ...plotAxes({x: f.names[0], y: f.names[1], guide: 'none'}, scales),
    clipped(...below, ...above)),
    slider(f.frames, draw),
    el('ul', {class: 'names'}, ...names.map(([name, k]) => el('li', {}, swatch(color(k)), ' ', name))));
  return section('What the model has learned', f.classes.length ?
    'The ground is the class that the model gives to each place, the stronger the surer it is; ' +
    'the points are training rows in the colours of their classes.' :
    'The line is the model, the points are training rows.',
  el('div', {class: 'charts', id: 'function'}, figure));
}
