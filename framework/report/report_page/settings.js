// What several settings have in common and in what they differ: the values of a key, the outcomes
// of runs, and the scales of both.

const CLASSES = 6;
const TICKS_BY_VALUE = 6;

const numberOf = text => text !== null && text.trim() !== '' && Number.isFinite(Number(text)) ?
  Number(text) : NaN;
const settingOf = (run, k) => run.settings?.[k] ?? null;
const shorter = (text, most) => text.length > most ? `${text.slice(0, Math.max(1, most - 1))}…` : text;
const sizes = values => values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)],
  [Infinity, -Infinity]);
const meanOf = values => values.reduce((a, b) => a + b, 0) / values.length;

// Whether numbers lie more evenly on a logarithmic scale.
function spansDecades(numbers) {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  if (!(low > 0) || high / low < 8) return false;
  const unevenness = values => values.slice(1).reduce((sum, v, i) =>
    sum + ((v - values[i]) / (values[values.length - 1] - values[0])) ** 2, 0);
  return sorted.length === 2 ? high / low >= 10 :
    unevenness(sorted.map(Math.log)) < unevenness(sorted);
}

// Where the values of a key lie, from 0 to 1: numbers on a scale, all else side by side, and at the
// end the runs that do not have it.
class KeyScale {
  constructor(k) {
    this.name = report.keys[k];
    const values = report.runs.map(run => settingOf(run, k));
    const given = [...new Set(values.filter(v => v !== null))];
    this.missing = values.includes(null);
    this.numeric = given.every(v => known(numberOf(v)));
    this.levels = given.sort((a, b) => this.numeric ? numberOf(a) - numberOf(b) :
      a.localeCompare(b, 'en', {numeric: true}));
    const numbers = this.levels.map(numberOf);
    this.log = this.numeric && spansDecades(numbers);
    this.domain = this.numeric ? sizes(numbers) : null;
  }

  at(text) {
    const end = this.missing ? 0.84 : 1;
    if (text === null) return 0.96;
    if (!this.numeric) return end * (this.levels.indexOf(text) + 0.5) / this.levels.length;
    return this.atNumber(numberOf(text));
  }

  atNumber(value) {
    const end = this.missing ? 0.84 : 1;
    const map = this.log ? Math.log : v => v;
    const [low, high] = this.domain.map(map);
    return end * (low === high ? 0.5 : 0.05 + 0.9 * (map(value) - low) / (high - low));
  }

  // [{at, text}]
  ticks(count) {
    const last = this.missing ? [{at: this.at(null), text: 'none'}] : [];
    if (!this.numeric || this.levels.length <= Math.min(count, TICKS_BY_VALUE)) {
      return this.levels.map(text => ({at: this.at(text), text})).concat(last);
    }
    const ticks = this.log ? logTicks(...this.domain) : linearTicks(...this.domain, count);
    return ticks.map(t => ({at: this.atNumber(t), text: number(t)})).concat(last);
  }
}

// The values of a key, neighbours together where there are many numbers: [{name, has(text)}].
function classesOf(scale, most) {
  const {levels} = scale;
  const last = scale.missing ? [{name: 'none', has: text => text === null}] : [];
  if (!scale.numeric || levels.length <= most) {
    return levels.map(name => ({name, has: text => text === name})).concat(last);
  }
  return Array.from({length: most}, (_, i) => {
    const own = levels.slice(Math.round(i * levels.length / most),
      Math.round((i + 1) * levels.length / most));
    const [first, last] = [own[0], own[own.length - 1]].map(v => number(numberOf(v)));
    const name = own.length === 1 ? own[0] : `${first} to ${last}`;
    return {name, has: text => own.includes(text)};
  }).concat(last);
}

const isBetter = (metric, a, b) => report.smaller.includes(metric) ? a < b : a > b;

// How a run ended: its value, which is NaN if it failed; whether it was trained to the end. Nothing
// without such a metric.
function outcomeOf(run, metric) {
  const failed = run.status === 'diverged';
  const values = (run.curves[metric] ?? []).filter(v => v !== null);
  const last = run.left?.[metric] ?? values[values.length - 1];
  if (!failed && last === undefined) return null;
  const value = failed ? NaN : last;
  return {run, value: known(value) ? value : NaN, whole: failed || run.status === 'complete'};
}

const outcomesOf = metric => report.runs.map(run => outcomeOf(run, metric)).filter(Boolean);
// Runs that were trained to the end or, where there are none, the others.
const counted = outcomes => outcomes.some(o => o.whole) ? outcomes.filter(o => o.whole) : outcomes;
const finite = outcomes => outcomes.filter(o => known(o.value));
const formatOf = metric => metric.endsWith('accuracy') ? percent : number;
const titleOf = metric => metric.replace('_', ' ');

// The ends of a metric's axis, and whether there are runs without a number.
class MetricScale {
  constructor(metric, outcomes) {
    this.metric = metric;
    this.smallIsGood = report.smaller.includes(metric);
    const values = finite(outcomes).map(o => o.value);
    this.failed = values.length < outcomes.length;
    this.low = 0;
    this.high = 1;
    if (values.length) [this.low, this.high] = sizes(values);
    this.log = this.smallIsGood && this.low > 0 && this.high / this.low > 50;
    if (this.low === this.high) {
      const pad = 0.5 * (Math.abs(this.low) || 1);
      this.log = false;
      [this.low, this.high] = [this.low - pad, this.high + pad];
    }
    this.ticks = this.log ? logTicks(this.low, this.high) : linearTicks(this.low, this.high, 5);
  }

  // From 0, the lowest, to 1.
  share(value) {
    const map = this.log ? Math.log : v => v;
    return (map(value) - map(this.low)) / (map(this.high) - map(this.low));
  }

  // From 0, the worst, to 1.
  goodness(value) {
    const share = Math.min(1, Math.max(0, this.share(value)));
    return this.smallIsGood ? 1 - share : share;
  }

  text(value) {
    return this.metric.endsWith('accuracy') ? `${Number((100 * value).toPrecision(4))} %` :
      number(value);
  }
}

// Bundles of runs for the curves, each in one colour: the groups or, for a key, its values.
function bundlesOf(key) {
  if (key === null) {
    return report.groups.map((name, g) => ({name, color: color(g),
      runs: report.runs.filter(run => run.group === name)}));
  }
  const scale = new KeyScale(key);
  const classes = classesOf(scale, CLASSES);
  const ramp = scale.numeric ? classes.length - Number(scale.missing) : 0;
  return classes.map(({name, has}, i) => ({
    name: `${scale.name} ${name}`,
    color: i < ramp ? `var(--r${Math.round(i * 5 / Math.max(1, ramp - 1))})` : color(i),
    runs: report.runs.filter(run => has(settingOf(run, key))),
  })).filter(bundle => bundle.runs.length);
}
