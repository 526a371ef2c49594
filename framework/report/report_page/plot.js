const PLOT = {width: 440, height: 320, left: 58, right: 426, top: 10, bottom: 280};

const padded = ([low, high], share) => {
  const pad = low === high ? 0.5 * (Math.abs(low) || 1) : share * (high - low);
  return [low - pad, high + pad];
};

// The scales of a plot hold all points and its guide: the diagonal, or zero.
function plotScales({cloud, guide, series}) {
  const range = (k, start) => series.flatMap(s => s.points).reduce(
    ([low, high], p) => [Math.min(low, p[k]), Math.max(high, p[k])], start);
  let xs = range(0, [Infinity, -Infinity]);
  let ys = range(1, guide === 'zero' ? [0, 0] : [Infinity, -Infinity]);
  if (guide === 'diagonal') xs = ys = [Math.min(xs[0], ys[0]), Math.max(xs[1], ys[1])];
  [xs, ys] = [xs, ys].map(ends => padded(ends, cloud ? 0.04 : 0));
  const scale = ([low, high], from, to) => v => from + (v - low) / (high - low) * (to - from);
  return {xs, ys, x: scale(xs, PLOT.left, PLOT.right), y: scale(ys, PLOT.bottom, PLOT.top)};
}

function plotAxes({x: across, y: up, guide}, {xs, ys, x, y}) {
  const {left, right, top, bottom, height} = PLOT;
  const line = (name, x1, y1, x2, y2) => svg('line', {class: name, x1, y1, x2, y2});
  const text = (x, y, anchor, words) => svg('text', {x, y, 'text-anchor': anchor}, words);
  const from = guide === 'diagonal' ? xs : [0, 0];
  return [
    ...linearTicks(...ys, 5).flatMap(t => [line('grid', left, y(t), right, y(t)),
      text(left - 6, y(t) + 4, 'end', number(t))]),
    ...linearTicks(...xs, 5).flatMap(t => [line('axis', x(t), bottom, x(t), bottom + 4),
      text(x(t), bottom + 17, 'middle', number(t))]),
    line('axis', left, bottom, right, bottom),
    text((left + right) / 2, height - 4, 'middle', across),
    svg('text', {transform: `translate(11 ${(top + bottom) / 2}) rotate(-90)`,
      'text-anchor': 'middle'}, up),
    guide === 'none' ? null : line('guide', x(xs[0]), y(from[0]), x(xs[1]), y(from[1])),
  ].filter(Boolean);
}

function plotSeries({points}, k, cloud, {x, y}) {
  const place = p => `${x(p[0]).toFixed(1)} ${y(p[1]).toFixed(1)}`;
  if (cloud) {
    return [svg('path', {class: 'cloud', stroke: color(k),
      d: points.map(p => `M${place(p)}h0`).join('')})];
  }
  const few = points.length < 20 ? points : [];
  return [
    svg('path', {class: 'line', stroke: color(k), 'stroke-dasharray': k >= 8 ? '6 5' : null,
      d: `M${points.map(place).join('L')}`}),
    ...few.map(p => svg('circle', {cx: x(p[0]), cy: y(p[1]), r: 3, fill: color(k)},
      svg('title', {}, `${number(p[0])}, ${number(p[1])}`))),
  ];
}

function plotFigure(plot) {
  const {title, x, y, cloud, series} = plot;
  const scales = plotScales(plot);
  const label = `${title}: ${y} over ${x}. ${series.map(s => s.label).join('; ')}`;
  return el('figure', {class: 'chart plot'}, el('figcaption', {}, el('h3', {}, title)),
    svg('svg', {viewBox: `0 0 ${PLOT.width} ${PLOT.height}`, role: 'img', 'aria-label': label},
      ...plotAxes(plot, scales), ...series.flatMap((s, k) => plotSeries(s, k, cloud, scales))),
    cloud ? null : el('ul', {class: 'names'}, ...series.map((s, k) =>
      el('li', {}, swatch(color(k), k >= 8), ' ', s.label))));
}

function plotsPart({plots}) {
  if (!plots) return null;
  return section('Outputs of the test rows', null,
    el('div', {class: 'charts', id: 'plots'}, ...plots.map(plotFigure)));
}
