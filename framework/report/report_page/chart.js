// Ticks at 1, 2 or 5 times a power of ten.
function linearTicks(low, high, count, whole) {
  const raw = Math.max((high - low) / count, whole ? 1 : Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(raw) + 1e-9);
  const step = [1, 2, 5, 10].find(f => f * power >= raw * (1 - 1e-9)) * power;
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-6); i * step <= high + 1e-6 * step; ++i) {
    ticks.push(Number((i * step).toPrecision(12)));
  }
  return ticks;
}

function logTicks(low, high) {
  const decades = Math.log10(high / low);
  if (decades < 0.7) return linearTicks(low, high, 4).filter(t => t > 0);
  const factors = decades > 3 ? [1] : decades > 1.5 ? [1, 3] : [1, 2, 5];
  const stride = Math.max(1, Math.ceil(decades / 7));
  const ticks = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); ++e) {
    if (e % stride) continue;
    for (const f of factors) ticks.push(Number((f * 10 ** e).toPrecision(12)));
  }
  return ticks.filter(t => t >= low * (1 - 1e-9) && t <= high * (1 + 1e-9));
}

// A path through points whose `value` is known; a hole lifts the pen.
function pathOf(points, x, y, value) {
  let path = '';
  let pen = 'M';
  for (const point of points) {
    const v = y(value(point));
    if (!known(v)) {
      pen = 'M';
      continue;
    }
    path += `${pen}${x(point.x).toFixed(1)} ${v.toFixed(1)}`;
    pen = 'L';
  }
  return path;
}

// A closed area for every stretch without a hole.
function areaOf(points, x, y, low, high) {
  let path = '';
  let stretch = [];
  const close = () => {
    if (stretch.length > 1) {
      path += pathOf(stretch, x, y, high) +
        pathOf([...stretch].reverse(), x, y, low).replace('M', 'L') + 'Z';
    }
    stretch = [];
  };
  for (const point of points) {
    if (known(y(low(point))) && known(y(high(point)))) stretch.push(point);
    else close();
  }
  close();
  return path;
}

const LOWS = {range: p => p.min, deviation: p => p.mean - p.std, runs: p => p.min};
const HIGHS = {range: p => p.max, deviation: p => p.mean + p.std, runs: p => p.max};
const HEIGHT = 250;
const MARGIN = {top: 10, right: 14, bottom: 34};

// What the charts have in common: which series are shown, how spread is drawn, the epoch under
// the pointer.
class View {
  static all = [];
  constructor() {
    View.all.push(this);
    this.hidden = new Set();
    this.band = 'range';
    this.charts = [];
  }
  show(key, on) {
    if (on) this.hidden.delete(key);
    else this.hidden.add(key);
    this.draw();
  }
  draw() { this.charts.forEach(chart => chart.draw()); }
  point(x, source) { this.charts.forEach(chart => chart.point(x, chart === source)); }
}

// series: [{label, keys, color, dashed, points: [{x, mean, min, max, std, n}],
// runs: [[{x, mean}]]}], shown unless one of its keys is hidden; marks: [{x, value, text, low, high}].
class Chart {
  static of = new WeakMap();  // by figure
  constructor(view, {title, series, marks = [], format = number, log = true, zero = false,
    ceiling = Infinity}) {
    Object.assign(this, {view, title, series, marks, format, zero, ceiling, log: false, at: null});
    this.svg = svg('svg', {
      height: HEIGHT, tabindex: 0, role: 'img', 'aria-label': this.describe(),
      pointermove: e => this.follow(e), pointerdown: e => this.follow(e),
      pointerleave: () => view.point(null, this), blur: () => view.point(null, this),
      keydown: e => this.key(e),
    });
    this.tip = el('div', {class: 'tip', 'aria-live': 'polite', hidden: true});
    const button = log ? toggle('log scale', false, on => { this.log = on; this.draw(); }) : null;
    button?.classList.add('choice');
    this.box = el('figure', {class: 'chart'},
      el('figcaption', {}, el('h3', {}, title), button), this.svg, this.tip);
    view.charts.push(this);
    Chart.of.set(this.box, this);
    new ResizeObserver(() => this.draw()).observe(this.box);
  }

  describe() {
    const ends = this.series.map(s => {
      const points = s.points.filter(p => known(p.mean));
      if (!points.length) return `${s.label}: no values`;
      const [first, last] = [points[0], points[points.length - 1]];
      return `${s.label} from ${this.format(first.mean)} at epoch ${first.x} to ` +
        `${this.format(last.mean)} at epoch ${last.x}`;
    });
    return `${this.title} over epochs. ${ends.join('; ')}`;
  }

  shown() { return this.series.filter(s => !s.keys.some(k => this.view.hidden.has(k))); }
  shownMarks() { return this.view.hidden.has('printed') ? [] : this.marks; }

  values() {
    const [low, high] = [LOWS[this.view.band], HIGHS[this.view.band]];
    return this.shown().flatMap(s => s.points.flatMap(p => [low(p), high(p), p.mean]))
      .concat(this.shownMarks().flatMap(m => [m.value, m.low, m.high])).filter(known);
  }

  // Sets the scales; false if there is nothing to draw.
  scale(width) {
    const all = this.values();
    const log = this.log && all.some(v => v > 0);
    const values = log ? all.filter(v => v > 0) : all;
    const xs = this.shown().flatMap(s => s.points.map(p => p.x))
      .concat(this.shownMarks().map(m => m.x));
    if (!values.length) return false;
    let [low, high] = values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)],
      [Infinity, -Infinity]);
    const pad = log ? (high / low) ** 0.06 : 0.06 * (high - low);
    if (low === high) [low, high] = log ? [low / 2, high * 2] :
      [low - 0.5 * (Math.abs(low) || 1), high + 0.5 * (Math.abs(high) || 1)];
    else if (log) [low, high] = [low / pad, high * pad];
    else [low, high] = [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
    if (this.zero) low = Math.min(low, 0);
    high = Math.min(high, this.ceiling);
    this.ticks = log ? logTicks(low, high) : linearTicks(low, high, 5);
    const room = Math.max(...this.ticks.map(t => this.tickText(t).length), 2) * 7 + 14;
    const [left, right] = xs.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)],
      [Infinity, -Infinity]);
    this.left = room;
    this.right = width - MARGIN.right;
    const bottom = HEIGHT - MARGIN.bottom;
    this.domain = left === right ? [left - 0.5, right + 0.5] : [left, right];
    const perX = (this.right - room) / (this.domain[1] - this.domain[0]);
    this.x = v => room + (v - this.domain[0]) * perX;
    const map = log ? Math.log : v => v;
    const perY = (bottom - MARGIN.top) / (map(high) - map(low));
    this.y = v => !known(v) || (log && v <= 0) ? NaN : bottom - (map(v) - map(low)) * perY;
    return true;
  }

  tickText(tick) {
    return this.format === percent ? `${Number((100 * tick).toPrecision(6))} %` : number(tick);
  }

  axes() {
    const bottom = HEIGHT - MARGIN.bottom;
    const nodes = [];
    for (const t of this.ticks) {
      const y = this.y(t);
      nodes.push(svg('line', {class: 'grid', x1: this.left, x2: this.right, y1: y, y2: y}),
        svg('text', {x: this.left - 8, y: y + 4, 'text-anchor': 'end'}, this.tickText(t)));
    }
    const [from, to] = this.domain;
    for (const t of linearTicks(from, to, Math.min(8, (this.right - this.left) / 50), true)) {
      nodes.push(svg('line', {class: 'axis', x1: this.x(t), x2: this.x(t), y1: bottom,
        y2: bottom + 4}), svg('text', {x: this.x(t), y: bottom + 17, 'text-anchor': 'middle'},
        t.toLocaleString('en-US')));
    }
    nodes.push(svg('line', {class: 'axis', x1: this.left, x2: this.right, y1: bottom, y2: bottom}),
      svg('text', {x: (this.left + this.right) / 2, y: HEIGHT - 3, 'text-anchor': 'middle'},
        'epoch'));
    return nodes;
  }

  drawSeries(s) {
    const nodes = [];
    const many = s.runs.length > 1;
    if (many && this.view.band === 'runs') {
      for (const run of s.runs) {
        nodes.push(svg('path', {class: 'run', stroke: s.color,
          d: pathOf(run, this.x, this.y, p => p.mean)}));
      }
    } else if (many) {
      nodes.push(svg('path', {class: 'band', fill: s.color,
        d: areaOf(s.points, this.x, this.y, LOWS[this.view.band], HIGHS[this.view.band])}));
    }
    nodes.push(svg('path', {class: 'line', stroke: s.color,
      'stroke-dasharray': s.dashed ? '6 5' : null,
      d: pathOf(s.points, this.x, this.y, p => p.mean)}));
    // A line through a single point is invisible.
    if (s.points.filter(p => known(p.mean)).length === 1) {
      const p = s.points.find(q => known(q.mean));
      nodes.push(svg('circle', {cx: this.x(p.x), cy: this.y(p.mean), r: 4, fill: s.color}));
    }
    return nodes;
  }

  drawMark(m) {
    const [x, y] = [this.x(m.x), this.y(m.value)];
    if (!known(y)) return [];
    const [low, high] = [this.y(m.low), this.y(m.high)];
    const whisker = known(low) && known(high) ?
      svg('path', {class: 'whisker',
        d: `M${x} ${low}V${high}M${x - 3} ${low}h6M${x - 3} ${high}h6`}) : null;
    return [whisker, svg('path', {class: 'mark', d: `M${x} ${y - 5}l5 5l-5 5l-5 -5Z`})]
      .filter(Boolean);
  }

  draw() {
    const width = this.svg.clientWidth;
    if (!width) return;
    this.svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    this.ready = this.scale(width);
    if (!this.ready) {
      this.svg.replaceChildren(svg('text', {class: 'empty', x: width / 2, y: HEIGHT / 2},
        'nothing to show'));
      return;
    }
    this.cross = svg('g');
    this.svg.replaceChildren(...this.axes(),
      ...this.shown().flatMap(s => this.drawSeries(s)),
      ...this.shownMarks().flatMap(m => this.drawMark(m)), this.cross);
    this.point(this.at, !this.tip.hidden);
  }

  epochs() {
    return [...new Set(this.shown().flatMap(s => s.points.map(p => p.x))
      .concat(this.shownMarks().map(m => m.x)))].sort((a, b) => a - b);
  }

  follow(event) {
    if (!this.ready) return;
    const x = event.clientX - this.svg.getBoundingClientRect().left;
    const near = this.epochs().reduce((best, e) =>
      Math.abs(this.x(e) - x) < Math.abs(this.x(best) - x) ? e : best);
    this.view.point(near, this);
  }

  key(event) {
    const step = {ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity}[event.key];
    if (event.key === 'Escape') this.view.point(null, this);
    if (!step || !this.ready) return;
    event.preventDefault();
    const epochs = this.epochs();
    const now = epochs.indexOf(this.at);
    const start = now < 0 ? (step > 0 ? -1 : epochs.length) : now;
    this.view.point(epochs[Math.min(epochs.length - 1, Math.max(0, start + step))], this);
  }

  // The crosshair at epoch `x`, or none; values only in the chart that is pointed at.
  point(x, own) {
    this.at = x;
    this.tip.hidden = true;
    if (!this.ready) return;
    this.cross.replaceChildren();
    if (x === null || x < this.domain[0] || x > this.domain[1]) return;
    const at = this.x(x);
    const here = this.shown().map(s => [s, s.points.find(p => p.x === x)])
      .filter(([, p]) => p && known(p.mean));
    this.cross.append(
      svg('line', {class: 'cross', x1: at, x2: at, y1: MARGIN.top, y2: HEIGHT - MARGIN.bottom}),
      ...here.filter(([, p]) => known(this.y(p.mean))).map(([s, p]) =>
        svg('circle', {cx: at, cy: this.y(p.mean), r: 3.5, fill: s.color})));
    if (own) this.showTip(x, at, here);
  }

  showTip(x, at, here) {
    const rows = here.map(([s, p]) => el('tr', {},
      el('td', {class: 'text'}, swatch(s.color, s.dashed), ' ', s.label),
      el('td', {}, this.format(p.mean), p.n > 1 ?
        el('small', {}, ` ${this.format(p.min)} to ${this.format(p.max)}`) : null)));
    for (const m of this.shownMarks().filter(mark => mark.x === x)) {
      rows.push(el('tr', {}, el('td', {class: 'text'}, '◇ notebook'), el('td', {}, m.text,
        known(m.low) ? el('small', {}, ` runs ${this.format(m.low)} to ${this.format(m.high)}`) :
          null)));
    }
    this.tip.replaceChildren(el('b', {}, `epoch ${x.toLocaleString('en-US')}`),
      el('table', {}, el('tbody', {}, ...rows)));
    this.tip.hidden = false;
    // A long list would hide the curves.
    this.tip.classList.toggle('below', rows.length > 3);
    const right = at > (this.left + this.right) / 2;
    this.tip.style.left = right ? `${this.left + 16}px` : 'auto';
    this.tip.style.right = right ? 'auto' : '20px';
  }
}

// A short stroke in the colour and dash of a line.
function swatch(color, dashed) {
  return svg('svg', {width: 18, height: 8, 'aria-hidden': 'true'}, svg('line', {x1: 1, x2: 17,
    y1: 4, y2: 4, stroke: color, 'stroke-width': 2.5, 'stroke-dasharray': dashed ? '5 4' : null}));
}
